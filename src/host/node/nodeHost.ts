import { homedir, tmpdir } from "node:os";
import type { Host } from "../host.ts";
import { createNodeFiles } from "./files.ts";
import { chooseShell, operatingSystem } from "./platform.ts";
import { createNodeProcesses } from "./processes.ts";
import { isProgram } from "./program.ts";
import { createNodeStorage } from "./storage.ts";

export interface NodeHostOptions {
  /** The user's home folder; the operating system's answer when absent. */
  readonly home?: string | undefined;
  /** Where Storage lives. */
  readonly storageRoot: string;
  readonly workspaceRoots: readonly string[];
  readonly ripgrepPath?: string | undefined;
  /** Told what works less well than it should, in full sentences for the user. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export interface NodeHost extends Host {
  /** Ends every process that was started here. Resolves within 2 s. */
  dispose(): Promise<void>;
}

/** A host on this machine without an editor. */
export function createNodeHost(options: NodeHostOptions): NodeHost {
  const os = operatingSystem(process.platform);
  const temporary = tmpdir();
  const { onWarning } = options;
  const processes = createNodeProcesses({ os, temporary, env: process.env, onWarning });
  const exists = (name: string) => isProgram(name, { path: process.env.PATH, cwd: temporary });
  return {
    platform: {
      os,
      home: options.home ?? homedir(),
      temporary,
      shell: chooseShell(os, process.env, exists),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    files: createNodeFiles({ ripgrepPath: options.ripgrepPath, onWarning }),
    processes,
    storage: createNodeStorage(options.storageRoot),
    editor: {
      workspaceRoots: () => options.workspaceRoots,
      diagnostics: () => Promise.resolve(undefined),
      openEditors: () => ({ visiblePaths: [], openPaths: [] }),
    },
    dispose: () => processes.dispose(),
  };
}
