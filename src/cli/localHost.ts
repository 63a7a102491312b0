import { createRequire } from "node:module";
import process from "node:process";
import { createNodeHost, type NodeHost } from "../host/node/nodeHost.ts";

export interface LocalHostOptions {
  /** The folder of everything that Patchwright keeps. */
  readonly home: string;
  /** Where a thread works that names no folder. */
  readonly cwd: string;
  /** Folders beside the thread's own that belong to its workspace. */
  readonly addedFolders: readonly string[];
  /** Names of variables that commands get beside the usual ones. */
  readonly passed: readonly string[];
  /** What this program is called, such as "patchwright exec". */
  readonly program: string;
  readonly onWarning: (message: string) => void;
}

/** This machine, without an editor: what the user has open is the folder in which a thread works. */
export function createLocalHost({ home, cwd, addedFolders, passed, program, onWarning }: LocalHostOptions): NodeHost {
  const host = createNodeHost({
    storageRoot: home,
    owner: { kind: "program", name: program, folder: cwd },
    workspaceRoots: [],
    passed: () => passed,
    ripgrepPath: findRipgrep(),
    onWarning,
  });
  const workspaceRoots = (threadFolder = cwd) => [...new Set([threadFolder, ...addedFolders])];
  return { ...host, editor: { ...host.editor, workspaceRoots } };
}

/** The ripgrep that is installed beside this program; undefined when it was left out. */
function findRipgrep(): string | undefined {
  const { platform, arch } = process;
  try {
    const name = `@vscode/ripgrep-${platform}-${arch}/bin/${platform === "win32" ? "rg.exe" : "rg"}`;
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}
