import { homedir } from "node:os";
import { join } from "node:path";
import { createNodeHost, type NodeHost } from "../host/node/nodeHost.ts";
import { findRipgrep } from "../host/vscode/ripgrep.ts";

/** The machine that the extension runs on. Patchwright's own files are in PATCHWRIGHT_HOME, else in a folder of the user's home. */
export async function createMachineHost(
  environment: NodeJS.ProcessEnv,
  onWarning: (message: string) => void,
): Promise<NodeHost> {
  return createNodeHost({
    storageRoot: environment.PATCHWRIGHT_HOME?.trim() || join(homedir(), ".patchwright"),
    workspaceRoots: [],
    ripgrepPath: await findRipgrep(),
    onWarning,
  });
}
