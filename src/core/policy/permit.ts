import type { Confinement } from "../../host/sandbox.ts";
import { AgentError } from "../../protocol/errors.ts";

export interface Grant {
  /** Absent for a command that runs with all the user's rights. */
  readonly confinement?: Confinement | undefined;
  /** Variables beside the host's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** As `Command.programsNotIn`. */
  readonly programsNotIn?: readonly string[] | undefined;
  /** For the model, when the sandbox may have been in the command's way. */
  readonly advice?: string | undefined;
  /** For the model: the hosts that the command was not let through to until now. */
  refusals?(): readonly string[];
  /** Called once the command has ended. */
  onEnd?(): void;
}

/** Leave to run one command, once. */
export class Permit {
  #grant: Grant | undefined;

  constructor(grant: Grant) {
    this.#grant = grant;
  }

  /** Throws `internal` when it was used before: what was allowed runs once. */
  use(): Grant {
    const grant = this.#grant;
    if (!grant) throw new AgentError("internal", "What was allowed has run already, so it is not run again.");
    this.#grant = undefined;
    return grant;
  }
}
