import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { redactedProcesses } from "../core/policy/redactedHost.ts";
import type { Secrets } from "../core/policy/secrets.ts";
import { createNodeHost } from "../host/node/nodeHost.ts";
import { watchLookedFiles } from "../host/vscode/lookedFiles.ts";
import { findRipgrep } from "../host/vscode/ripgrep.ts";
import { createVscodeHost, type VscodeHost } from "../host/vscode/vscodeHost.ts";
import { readSettings } from "./configuration.ts";
import type { Log } from "./log.ts";

export interface WindowHost extends VscodeHost {
  /** Ends every command, and starts no more. Resolves within 2 s. */
  endProcesses(): Promise<void>;
  /** That, and everything else on this machine. */
  stop(): Promise<void>;
}

export interface WindowHostOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** What no terminal of a command shows. */
  readonly secrets: Secrets;
  readonly log: Log;
}

/** This window and the machine under it. Patchwright's own files are in PATCHWRIGHT_HOME, else in a folder of the user's home. */
export async function createWindowHost({ environment, secrets, log }: WindowHostOptions): Promise<WindowHost> {
  const onWarning = (message: string) => log.warn(message);
  const node = createNodeHost({
    storageRoot: environment.PATCHWRIGHT_HOME?.trim() || join(homedir(), ".patchwright"),
    workspaceRoots: [],
    owner: { kind: "window", name: vscode.env.appName, folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath },
    passed: () => readSettings()["commands.environment"],
    ripgrepPath: await findRipgrep(),
    onWarning,
  });
  const host = createVscodeHost({
    node: { ...node, processes: redactedProcesses(node.processes, secrets) },
    ownWrites: node.ownWrites,
    trusted: () => vscode.workspace.isTrusted,
    engine: () => readSettings()["commands.engine"],
    onWarning,
  });
  const lookedFiles = watchLookedFiles((path) => node.checkRepositories(path));
  return {
    ...host,
    dispose() {
      lookedFiles.dispose();
      host.dispose();
    },
    endProcesses: () => node.endProcesses(),
    stop: () => node.dispose(),
  };
}
