import { AgentError } from "../../protocol/errors.ts";
import type { Processes } from "../processes.ts";
import type { CommandTerminals } from "./commandTerminals.ts";
import { NoShellIntegration, type UserTerminals } from "./userTerminals.ts";

/** Where commands run: as children of this process, or in the user's own terminal. */
export type CommandEngine = "process" | "terminal";

export interface VscodeProcessesOptions {
  readonly children: Processes;
  readonly terminals: CommandTerminals;
  readonly userTerminals: UserTerminals;
  /** Read for every command. */
  engine(): CommandEngine;
  /** Told when a command had to run as a child although the user's terminal was asked for. */
  onFallback(message: string): void;
}

export function createVscodeProcesses(options: VscodeProcessesOptions): Processes {
  const { children, terminals, userTerminals, engine, onFallback } = options;
  return {
    async spawn(command, signal) {
      // Nothing confines the user's own terminal.
      if (engine() === "terminal" && command.confinement === undefined) {
        try {
          return await userTerminals.run(command, signal);
        } catch (error) {
          if (!(error instanceof NoShellIntegration)) throw error;
          onFallback(error.message);
        }
      }
      return terminals.mirror(command, await children.spawn(command, signal));
    },
    imageOf: (command, named) => children.imageOf(command, named),
  };
}

/** Refuses every command while the workspace is in Restricted Mode. */
export function trustedOnly(processes: Processes, trusted: () => boolean): Processes {
  return {
    async spawn(command, signal) {
      if (!trusted()) throw restricted("run commands");
      return processes.spawn(command, signal);
    },
    imageOf: (command, named) => processes.imageOf(command, named),
  };
}

export function restricted(what: string): AgentError {
  return new AgentError(
    "permissionDenied",
    `This workspace is in Restricted Mode, so Patchwright may not ${what}. It can be trusted with the command "Workspaces: Manage Workspace Trust".`,
  );
}
