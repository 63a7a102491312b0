import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { redactedProcesses } from "../core/policy/redactedHost.ts";
import type { Secrets } from "../core/policy/secrets.ts";
import { createNodeHost } from "../host/node/nodeHost.ts";
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
    owner: windowOwner(),
    passed: () => readSettings()["commands.environment"],
    ripgrepPath: await findRipgrep(),
    onWarning,
  });
  const host = createVscodeHost({
    node: { ...node, processes: redactedProcesses(node.processes, secrets) },
    trusted: () => vscode.workspace.isTrusted,
    engine: () => readSettings()["commands.engine"],
    onWarning,
  });
  return {
    ...host,
    dispose: () => host.dispose(),
    endProcesses: () => node.endProcesses(),
    stop: () => node.dispose(),
  };
}

/** What another program that finds a thread held says of this window. It is never translated, as little as the rest of what that says. */
function windowOwner(): string {
  const { name, workspaceFolders } = vscode.workspace;
  const folder = workspaceFolders?.[0]?.uri.fsPath ?? name;
  return `a window of ${vscode.env.appName}${folder === undefined ? "" : ` with ${folder}`}`;
}
