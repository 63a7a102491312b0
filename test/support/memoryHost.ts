import type { FileDiagnostic, OpenEditors } from "../../src/host/editor.ts";
import type { Host, Platform } from "../../src/host/host.ts";
import { createShellSyntax } from "../../src/host/node/shell/shellSyntax.ts";
import type { SandboxState } from "../../src/host/sandbox.ts";
import type { HostTool } from "../../src/host/tools.ts";
import type { AgentError } from "../../src/protocol/errors.ts";
import { createMemoryFiles, type MemoryFiles } from "./memoryFiles.ts";
import { createMemoryProcesses, type MemoryCommand, type MemoryProcesses } from "./memoryProcesses.ts";
import { createMemorySnapshots } from "./memorySnapshots.ts";
import { createMemoryStorage, type MemoryStorage } from "./memoryStorage.ts";

export interface MemoryHostOptions {
  /** By absolute path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** The workspace folders, which exist even when they are empty. */
  readonly roots?: readonly string[] | undefined;
  /** What commands do; the first that matches is taken. One that none matches is a program that does not exist. */
  readonly commands?: readonly MemoryCommand[] | undefined;
  readonly diagnostics?: readonly FileDiagnostic[] | undefined;
  readonly openEditors?: OpenEditors | undefined;
  readonly platform?: Partial<Platform> | undefined;
  /** What confines commands; nothing unless given. */
  readonly sandbox?: SandboxState | undefined;
  /** What a command that still runs may have made; nothing unless given. */
  readonly isUnsettled?: ((path: string) => boolean) | undefined;
  /** By name. Pass the `entries` of an earlier host's storage to play a restart. */
  readonly storage?: Map<string, string> | undefined;
  /** How many files git lists as changed; undefined plays a machine without git. */
  readonly changedFiles?: number | undefined;
  /** What the editor makes of a file on saving it, such as format on save; undefined to leave it alone. */
  readonly onSave?: ((path: string, bytes: Uint8Array) => Uint8Array | undefined) | undefined;
}

export interface MemoryHost extends Host {
  readonly files: MemoryFiles;
  readonly processes: MemoryProcesses;
  readonly storage: MemoryStorage;
  /** Opens an editor buffer that differs from the disk; undefined closes it without saving. */
  setUnsaved(path: string, content: string | Uint8Array | undefined): void;
  /** Undefined plays a host without an editor. */
  setDiagnostics(diagnostics: readonly FileDiagnostic[] | undefined): void;
  setOpenEditors(editors: OpenEditors): void;
  setChangedFiles(count: number | undefined): void;
  setTools(tools: readonly HostTool[]): void;
  /** Plays another program that confines commands, or none any more. */
  setSandbox(state: SandboxState): void;
  /** Makes the next call of the method reject. Several calls of this line up. */
  failNext(method: FallibleMethod, error: AgentError): void;
}

export type FallibleMethod = "read" | "apply" | "search" | "spawn" | "append";

/** Throws what failNext planned for this call, if anything. */
export type Failures = (method: FallibleMethod) => void;

/** The real grammar, loaded once for all tests of a process. */
const shell = createShellSyntax({ shell: "/bin/bash" });

/** A host wholly in memory: Linux paths, no links, no modes, no clock, the same result every time. */
export function createMemoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const roots = options.roots ?? ["/workspace"];
  const sandboxListeners = new Set<(state: SandboxState) => void>();
  let sandbox: SandboxState = options.sandbox ?? { kind: "none", reason: "This machine is played in memory." };
  const planned = new Map<FallibleMethod, AgentError[]>();
  const failures: Failures = (method) => {
    const error = planned.get(method)?.shift();
    if (error !== undefined) throw error;
  };
  const files = createMemoryFiles({ files: options.files ?? {}, folders: roots, onSave: options.onSave, failures });
  let { diagnostics, openEditors = { visiblePaths: [], openPaths: [] }, changedFiles } = options;
  const { isUnsettled = () => false } = options;
  let tools: readonly HostTool[] = [];
  return {
    platform: {
      os: "linux",
      home: "/home/user",
      temporary: "/tmp",
      shell: "/bin/bash",
      timeZone: "UTC",
      ...options.platform,
    },
    files,
    shell,
    sandbox: {
      get state() {
        return sandbox;
      },
      get ready() {
        return Promise.resolve(sandbox);
      },
      onChange(listener) {
        sandboxListeners.add(listener);
        return { dispose: () => sandboxListeners.delete(listener) };
      },
      isUnsettled,
      unguardedIn: () => [],
    },
    processes: createMemoryProcesses(options.commands ?? [], { files, failures }),
    storage: createMemoryStorage(options.storage ?? new Map(), failures),
    editor: {
      workspaceRoots: () => roots,
      diagnostics: async (paths) => diagnostics?.filter((one) => paths === undefined || paths.includes(one.path)),
      openEditors: () => openEditors,
    },
    git: { changedFiles: async () => changedFiles },
    tools: { list: () => tools },
    snapshots: createMemorySnapshots(files),
    setUnsaved: (path, content) => files.setUnsaved(path, content),
    setDiagnostics(next) {
      diagnostics = next;
    },
    setOpenEditors(next) {
      openEditors = next;
    },
    setChangedFiles(next) {
      changedFiles = next;
    },
    setSandbox(next) {
      sandbox = next;
      for (const listener of sandboxListeners) listener(next);
    },
    setTools(next) {
      tools = next;
    },
    failNext(method, error) {
      planned.set(method, [...(planned.get(method) ?? []), error]);
    },
  };
}
