import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../host.ts";
import { createNodeFiles } from "./files.ts";
import { createGit } from "./git.ts";
import { openGate } from "./network/openGate.ts";
import { chooseShell, type Environment, operatingSystem } from "./platform.ts";
import { createNodeProcesses } from "./processes.ts";
import { isProgram } from "./program.ts";
import { createCaches } from "./sandbox/caches.ts";
import type { OwnWrites } from "./sandbox/guard.ts";
import { knownEdits } from "./sandbox/knownEdits.ts";
import { createSandbox } from "./sandbox/sandbox.ts";
import { createShellSyntax } from "./shell/shellSyntax.ts";
import { createNodeSnapshots } from "./snapshots/snapshots.ts";
import { createNodeStorage } from "./storage.ts";
import type { LockOptions } from "./storageLock.ts";

export interface NodeHostOptions extends LockOptions {
  /** The user's home folder; the operating system's answer when absent. */
  readonly home?: string | undefined;
  /** Where Storage lives. */
  readonly storageRoot: string;
  readonly workspaceRoots: readonly string[];
  readonly ripgrepPath?: string | undefined;
  /** Where commands get their variables from; the environment of this process when absent. */
  readonly env?: Environment | undefined;
  /** As `NodeProcessesOptions.passed`. */
  readonly passed?: (() => readonly string[]) | undefined;
  /** Told what works less well than it should, in full sentences for the user. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export interface NodeHost extends Host {
  /** To be told what is written by other ways than `files`. */
  readonly ownWrites: OwnWrites;
  /** As `Guard.checkRepositories`. */
  checkRepositories(path: string): void;
  /** Ends every process that was started here, and starts no more. Resolves within 2 s. */
  endProcesses(): Promise<void>;
  /** That, and everything else. To be called when nobody uses the host any more. */
  dispose(): Promise<void>;
}

/** A host on this machine without an editor. */
export function createNodeHost(options: NodeHostOptions): NodeHost {
  const os = operatingSystem(process.platform);
  const temporary = tmpdir();
  const { onWarning, env = process.env, home = homedir(), storageRoot } = options;
  const caches = createCaches({ os, home, temporary });
  const places = { home, env, temporary, storageRoot };
  const sandbox = caches.given(createSandbox({ os, architecture: process.arch, ...places, openGate, onWarning }));
  const hidden = join(storageRoot, "pipes");
  const processes = createNodeProcesses({ os, temporary, hidden, env, passed: options.passed, sandbox, onWarning });
  const files = knownEdits(createNodeFiles({ ripgrepPath: options.ripgrepPath, onWarning }), sandbox.ownWrites);
  const shell = chooseShell(os, env, (name) => isProgram(name, { path: env.PATH, cwd: temporary }));
  const snapshots = createNodeSnapshots({ storageRoot, list: files.list });
  return {
    platform: { os, home, temporary, shell, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    files,
    processes,
    sandbox,
    ownWrites: sandbox.ownWrites,
    checkRepositories: sandbox.checkRepositories,
    shell: createShellSyntax({ shell }),
    storage: createNodeStorage(storageRoot, options),
    editor: noEditor(options.workspaceRoots),
    git: createGit({ os, env, home }),
    tools: { list: () => [] },
    snapshots,
    endProcesses: () => processes.dispose(),
    async dispose() {
      await Promise.all([processes.dispose(), snapshots.close()]);
      await caches.dispose();
    },
  };
}

function noEditor(workspaceRoots: readonly string[]): Host["editor"] {
  return {
    workspaceRoots: () => workspaceRoots,
    diagnostics: () => Promise.resolve(undefined),
    openEditors: () => ({ visiblePaths: [], openPaths: [] }),
  };
}
