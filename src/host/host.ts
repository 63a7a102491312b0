import type { ErrorCode } from "../protocol/errors.ts";
import type { Editor } from "./editor.ts";
import type { FileSystem } from "./files.ts";
import type { Git } from "./git.ts";
import type { Processes } from "./processes.ts";
import type { Sandbox } from "./sandbox.ts";
import type { ShellSyntax } from "./shellSyntax.ts";
import type { Snapshots } from "./snapshots.ts";
import type { Storage } from "./storage.ts";
import type { ToolSource } from "./tools.ts";

/** Named here so that a reader of `Rejects with` comments finds the closed set of codes. */
export type HostErrorCode = Extract<
  ErrorCode,
  | "notFound"
  | "alreadyExists"
  | "conflict"
  | "permissionDenied"
  | "invalid"
  | "unfaithful"
  | "tooLarge"
  | "unsupported"
  | "aborted"
  | "internal"
>;

/**
 * Everything the agent may do to the outside world. Paths are absolute, in the platform's own notation.
 * Every method rejects with AgentError (codes: HostErrorCode) and honours `signal`, with `aborted`.
 */
export interface Host {
  readonly platform: Platform;
  readonly files: FileSystem;
  readonly processes: Processes;
  readonly sandbox: Sandbox;
  readonly shell: ShellSyntax;
  readonly storage: Storage;
  readonly editor: Editor;
  readonly git: Git;
  readonly tools: ToolSource;
  readonly snapshots: Snapshots;
}

/** Facts about where commands run. Fixed for the life of the host. */
export interface Platform {
  readonly os: "linux" | "macos" | "windows";
  /** The user's home folder. */
  readonly home: string;
  /** The folder for temporary files. */
  readonly temporary: string;
  /** The shell that `exec_command` uses unless told otherwise, an absolute path or a name on PATH. */
  readonly shell: string;
  /** IANA name, such as "Europe/Zurich". */
  readonly timeZone: string;
}
