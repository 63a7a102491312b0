import type * as vscode from "vscode";
import type { FileSystem } from "../files.ts";
import type { Host } from "../host.ts";
import type { OwnWrites } from "../node/sandbox/guard.ts";
import { knownEdits } from "../node/sandbox/knownEdits.ts";
import { CommandTerminals } from "./commandTerminals.ts";
import { createDiagnostics } from "./diagnostics.ts";
import { createEditor } from "./editor.ts";
import { createVscodeFiles } from "./files.ts";
import { type CommandEngine, createVscodeProcesses, restricted, trustedOnly } from "./processes.ts";
import { UserTerminals } from "./userTerminals.ts";

export interface VscodeHostOptions {
  /** Files, processes and storage of the machine that the extension runs on. */
  readonly node: Host;
  /** Told of edits that the editor makes. */
  readonly ownWrites?: OwnWrites | undefined;
  /** False in Restricted Mode, where no command runs and no file changes. Read every time. */
  trusted(): boolean;
  /** Read for every command. */
  engine(): CommandEngine;
  /** How long the shell of a user's terminal may take to start, in milliseconds. */
  readonly shellStartMs?: number | undefined;
  /** Told what the user should know and nothing else shows. */
  onWarning(message: string): void;
}

export interface VscodeHost extends vscode.Disposable {
  readonly host: Host;
  /** Shows the command of an item in a terminal; false when it is not known in this window. */
  showTerminal(itemId: string): boolean;
}

/** The machine and the editor as one host: the editor's files, problems and terminals over the machine's processes and storage. */
export function createVscodeHost(options: VscodeHostOptions): VscodeHost {
  const { node, ownWrites, trusted, engine, shellStartMs = 10_000, onWarning } = options;
  const terminals = new CommandTerminals();
  const userTerminals = new UserTerminals(shellStartMs);
  const diagnostics = createDiagnostics();
  const processes = createVscodeProcesses({
    children: node.processes,
    terminals,
    userTerminals,
    engine,
    onFallback: onWarning,
  });
  const edited = createVscodeFiles(node.files);
  const files = ownWrites === undefined ? edited : knownEdits(edited, ownWrites);
  return {
    host: {
      platform: node.platform,
      storage: node.storage,
      files: trustedEdits(files, trusted),
      processes: trustedOnly(processes, trusted),
      sandbox: node.sandbox,
      shell: node.shell,
      editor: createEditor(diagnostics),
      git: { changedFiles: async (...args) => (trusted() ? node.git.changedFiles(...args) : undefined) },
      tools: node.tools,
      snapshots: node.snapshots,
    },
    showTerminal: (itemId) => userTerminals.show(itemId) || terminals.show(itemId),
    dispose() {
      for (const part of [terminals, userTerminals, diagnostics]) part.dispose();
    },
  };
}

function trustedEdits(files: FileSystem, trusted: () => boolean): FileSystem {
  return {
    ...files,
    async apply(edits, signal, landings) {
      if (!trusted()) throw restricted("change files");
      return files.apply(edits, signal, landings);
    },
  };
}
