import type { ErrorCode } from "../protocol/errors.ts";

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

/** Files as the user sees them: an unsaved editor buffer wins over the disk. */
export interface FileSystem {
  /**
   * The whole content: of the unsaved buffer in its file's encoding when there is one, else of the disk.
   * Rejects with `notFound`, `permissionDenied`, `tooLarge` (over 64 MiB), `unfaithful` (an unsaved buffer that its encoding cannot hold)
   * and `unsupported` for anything that is not a regular file (a folder, a socket, a device).
   */
  read(path: string, signal: AbortSignal): Promise<FileContent>;
  /** What is at the path, following links; undefined when nothing is there. */
  stat(path: string, signal: AbortSignal): Promise<FileStat | undefined>;
  /**
   * Where the path leads: with all links followed, those of the folders above it too. What is not there yet counts as in the folder that it would
   * be made in. Rejects with `notFound` for a link that leads nowhere.
   */
  realPath(path: string, signal: AbortSignal): Promise<string>;
  /**
   * Files below `root` that no ignore rule hides (.gitignore, .ignore, and always .git), as absolute paths sorted by code unit.
   * Rules of folders above root count too, up to the git repository's, unless they hide root itself. At most `limit`; `more` says that there were others.
   * Symbolic links are left out. Rejects with `notFound` when root is not a folder.
   */
  list(root: string, options: ListOptions, signal: AbortSignal): Promise<ListResult>;
  /**
   * Lines that match in the files that `list` would give, or in root itself when it is a file: folder by folder in name order, then line by line.
   * At most `limit` matches. Binary files (with a NUL byte) and those over 64 MiB are skipped. Rejects with `invalid` when the pattern is not a valid
   * regular expression or spans lines, with `notFound` when root is not there.
   */
  search(root: string, query: SearchQuery, signal: AbortSignal): Promise<SearchResult>;
  /**
   * Applies all edits or none. Each edit names the bytes it was planned on; when any file differs by now it rejects with `conflict`,
   * and nothing is written. The edits count in their order, so one may use a path that an earlier one made or freed.
   * File modes survive; missing parent folders are made; a link is written through, not replaced (deleting or moving a link leaves its target alone).
   * Resolves when the bytes are on disk or in the unsaved buffer (`savedPaths` and `unsavedPaths` say which).
   * Rejects with `alreadyExists` (add, or move onto a file), `notFound`, `permissionDenied` (also for a read-only file), `unfaithful`,
   * `unsupported` for what is not a regular file, and `conflict` too for deleting a file with unsaved changes.
   * An abort is honoured before the first byte is written, never halfway.
   * Rejects with `permissionDenied` when a path leads elsewhere than `landings` says, and writes nowhere else even when a link takes the place of a
   * folder meanwhile.
   */
  apply(edits: readonly FileEdit[], signal: AbortSignal, landings?: Landings): Promise<ApplyResult>;
  /**
   * Tells of files that may have changed, by anybody: those that are followed, on disk or in an editor, and others of the workspace where the
   * host knows of them without looking. A hint may come late, twice or for nothing; one may also be missing.
   */
  watch(listener: (hint: FileHint) => void): FileWatch;
}

/** Where paths were found to lead when they were judged, by path. */
export type Landings = ReadonlyMap<string, Landing>;

export interface Landing {
  /** All links followed: what an update writes to. */
  readonly realPath: string;
  /** The entry itself, links of the folders above followed: what is added, deleted or moved. */
  readonly entryPath: string;
}

/** `by` is "editor" when the user typed, undid or saved there, and "disk" for all else. */
export type FileHint =
  | { readonly kind: "changed"; readonly path: string; readonly by: "editor" | "disk" }
  /** The user renamed the file, or a folder above it, in the editor. */
  | { readonly kind: "moved"; readonly path: string; readonly movePath: string };

export interface FileWatch {
  /** Replaces the files that are followed. */
  follow(paths: readonly string[]): void;
  dispose(): void;
}

export interface FileContent {
  readonly bytes: Uint8Array;
  /** True when the bytes come from an editor buffer that differs from the disk: commands still see the old file. */
  readonly unsaved: boolean;
  /** Where the file lay that was read, all links followed; absent for an editor buffer, and where that cannot be known. */
  readonly realPath?: string | undefined;
}

export interface FileStat {
  readonly kind: "file" | "folder" | "other";
  /** In bytes. */
  readonly size: number;
  /** True for a program: its owner may run it. */
  readonly executable?: boolean | undefined;
  /** True for a file whose content has other names on this disk, wherever they may be: writing to it changes them all. */
  readonly hardLinked?: boolean | undefined;
}

export interface ListOptions {
  readonly limit: number;
  /** A glob relative to root, such as "src/**\/*.ts". Without a slash it is a name at any depth. Never shows what a rule hides. */
  readonly glob?: string | undefined;
  /**
   * Where root was found to lead when the call was judged. Then it rejects with `permissionDenied` when it leads elsewhere, and nothing is given that
   * lies elsewhere, even when a link takes the place of a folder meanwhile.
   */
  readonly landing?: string | undefined;
}

export interface ListResult {
  readonly paths: readonly string[];
  readonly more: boolean;
}

export interface SearchQuery {
  readonly pattern: string;
  /** How `pattern` is read. Regular expressions are ripgrep's; the fallback walker takes JavaScript's. */
  readonly syntax: "text" | "regex";
  readonly caseSensitive: boolean;
  /** As in ListOptions. */
  readonly glob?: string | undefined;
  readonly landing?: string | undefined;
  readonly limit: number;
}

export interface SearchMatch {
  readonly path: string;
  /** Counting from 1. */
  readonly line: number;
  /** The line without its end, cut at 500 characters. */
  readonly text: string;
}

export interface SearchResult {
  readonly matches: readonly SearchMatch[];
  /** True when there were more than `limit`. */
  readonly more: boolean;
}

export type FileEdit =
  | {
      readonly kind: "add";
      readonly path: string;
      readonly after: Uint8Array;
      /** True for a program: it may be run by whoever may read it. */
      readonly executable?: boolean | undefined;
    }
  | { readonly kind: "delete"; readonly path: string; readonly before: Uint8Array }
  | {
      readonly kind: "update";
      readonly path: string;
      readonly before: Uint8Array;
      readonly after: Uint8Array;
      /** Where the file goes; absent when it stays. */
      readonly movePath?: string | undefined;
    };

export interface ApplyResult {
  /** Files whose new content is on disk (final paths). */
  readonly savedPaths: readonly string[];
  /** Files whose new content is in an editor buffer only, because the user had unsaved changes there. */
  readonly unsavedPaths: readonly string[];
  /** What the editor changed on saving (format on save, trimming), by path, as the content now on disk. */
  readonly adjusted: ReadonlyMap<string, Uint8Array>;
}

export interface Processes {
  /**
   * Starts a command in its own process group with the given argv (never through another shell string), its output merged as it comes.
   * Rejects with `notFound` when the program or the cwd does not exist, `permissionDenied`, `unsupported` (a tty where there is none).
   * Aborting the signal afterwards kills the process with all its descendants.
   */
  spawn(command: Command, signal: AbortSignal): Promise<RunningProcess>;
  /**
   * What the command would run with now, so that two moments can be compared: where its cwd leads, its variables, and what is on disk of what it
   * names. Rejects with `notFound` when the cwd does not exist.
   */
  imageOf(command: Command, named: NamedByCommand): Promise<CommandImage>;
}

export interface NamedByCommand {
  /** Absolute paths of files. */
  readonly paths: readonly string[];
  /** Names, without a slash, that may be looked for in PATH. */
  readonly programs: readonly string[];
}

export interface CommandImage {
  /** The cwd with all links followed. */
  readonly realCwd: string;
  /** A hash. */
  readonly environment: string;
  /** By path, of the regular files that are there: where the path leads, with a hash of the content (over 1 MiB, which file it is and when it last changed). */
  readonly files: Readonly<Record<string, string>>;
  /** By name, of those that PATH leads to. */
  readonly programs: Readonly<Record<string, ProgramImage>>;
}

export interface ProgramImage {
  /** Where it was found, with the links to its folder followed. */
  readonly path: string;
  /** All links followed. */
  readonly realPath: string;
  /** As in `CommandImage.files`. */
  readonly content: string;
}

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** With a terminal of its own (a pty); otherwise stdin is closed and output goes through a pipe. */
  readonly tty: boolean;
  /** Variables beside the host's own allow-list. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /**
   * Absolute folders whose programs are not found by their names: those of PATH that lie in them are left out, also for what the command starts. In
   * the user's own terminal PATH is that terminal's.
   */
  readonly programsNotIn?: readonly string[] | undefined;
  /** The item that shows this command, so that the editor can offer its terminal. */
  readonly itemId: string;
  /** What a person would have typed: the title of the terminal that shows it. */
  readonly title: string;
  /** How the sandbox confines it; absent for a command that runs with all the user's rights. */
  readonly confinement?: Confinement | undefined;
}

export interface RunningProcess {
  readonly pid: number;
  /**
   * Output as text, decoded as UTF-8 across chunk borders, in order. One listener; what came before it is delivered first.
   * Nothing is dropped: a process that prints more than about 1 MB waits for its listener.
   */
  onOutput(listener: (text: string) => void): void;
  /**
   * Resolves once the process has ended and all output was delivered. Never rejects.
   * What it left in the background does not hold this up, and lives until `kill` or the end of the host.
   */
  readonly exited: Promise<ProcessExit>;
  /** Types into the terminal. Rejects with `unsupported` when the process has no tty, with `notFound` when it has ended. */
  write(chars: string): Promise<void>;
  /** Ends the process with all its descendants: first asking, then by force. Resolves when they are gone, within 2 s. */
  kill(): Promise<void>;
}

export interface ProcessExit {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Such as "SIGKILL"; null when it exited by itself. */
  readonly signal: string | null;
  /** Files that a confined command left where programs or agents would obey them; they were moved into the private store. */
  readonly quarantined?: readonly Quarantined[] | undefined;
}

/** Absolute paths. */
export interface Quarantined {
  readonly path: string;
  /** Where it is now. */
  readonly movedTo: string;
}

/** What confines commands on this machine. */
export interface Sandbox {
  /** Resolves when a real command has shown what works here. Never rejects. */
  readonly ready: Promise<SandboxState>;
  /** What is known now: "none" until `ready`, so that nothing runs unasked before it is known to be confined. */
  readonly state: SandboxState;
  /**
   * Whether what is at the absolute path, or was a moment ago, may be the work of a confined command that still runs, in a folder that it may write to:
   * then nobody is to obey it yet. When the command has ended, what it must not leave is moved away.
   */
  isUnsettled(path: string): boolean;
  /**
   * Of these folders those with so much below them that not all was looked at when a command last began there: what is protected and lies deep in
   * them could be changed by confined commands.
   */
  unguardedIn(folders: readonly string[]): readonly string[];
}

export type SandboxState =
  | { readonly kind: "bubblewrap" | "seatbelt" }
  /** `reason` is a sentence for the user that says what is missing and what to do about it. */
  | { readonly kind: "none"; readonly reason: string };

/**
 * What a confined command may do. It may read what its user may, but for credentials and Patchwright's own store; it writes below `writableRoots`
 * alone, and never to what `isProtected`; it sees and signals only the processes of its own command, and ends with them.
 * `Processes.spawn` rejects with `unsupported` a confinement that cannot be kept here, rather than run the command without.
 */
export interface Confinement {
  /** Absolute folders. Empty for a command that may only look; it has an empty folder for temporary files, which vanishes with it. */
  readonly writableRoots: readonly string[];
  /** Absolute paths that stay readable although they lie in what is hidden, such as whole outputs of earlier commands. */
  readonly readableRoots: readonly string[];
  /** Whether a file must not be written although it lies in a writable root; `relative` to that root, with "/" between its parts. */
  isProtected(relative: string): boolean;
  /** What of that can be said by names: of files and folders at any depth, "*" for any letters, "/" between a folder and what lies directly in it. */
  readonly protectedNames?: readonly string[] | undefined;
  /**
   * "off": nothing but a loopback of the command's own. "on": the network of this machine. Otherwise only what `allows` says yes to, through a
   * proxy that is named in the usual variables.
   */
  readonly network: "off" | "on" | HostFilter;
}

export interface HostFilter {
  /** Asked at each connection to a host; may wait for the user. Never rejects. */
  allows(target: NetworkTarget): Promise<boolean>;
}

export interface NetworkTarget {
  /** A name or an address as the command gave it, in lower case. */
  readonly host: string;
  readonly port: number;
  readonly protocol: "http" | "https";
}

/** What a command line says, without running any of it. */
export interface ShellSyntax {
  /**
   * The commands of a text that `shell` would be given to run. Undefined when nothing is known of it: for a shell that is not a POSIX one, or that
   * is not where shells are, for a text over 64 KiB or with a NUL, and where no grammar can be loaded. Never rejects.
   */
  commandsOf(text: string, shell: string): Promise<CommandLine | undefined>;
}

export interface CommandLine {
  /**
   * True when the text is nothing but the commands here, each with exactly these arguments, joined by "&&", "||", ";", "|" or line ends, at most 50
   * of them: no expansion, substitution, redirection (but to /dev/null, or of stderr to stdout), assignment, pattern, background, or control word.
   */
  readonly plain: boolean;
  /**
   * The argv of each command, in their order; commands in `bash -c "..."` stand in its place. When the text is not plain, of each command that could be
   * made out anywhere in it the arguments up to the first that is not a plain word: enough to forbid it, never enough to allow it.
   */
  readonly commands: readonly (readonly string[])[];
}

/**
 * A small private store (`~/.patchwright`, moved by PATCHWRIGHT_HOME). Names are relative with "/" between parts.
 * Each part has letters, digits, "_", "-" and "." only and does not start with a "."; any other name is rejected with `invalid`.
 * Files are created with mode 0600 under folders with mode 0700. Calls for one name take effect in the order they are made.
 */
export interface Storage {
  /** Where it lives, for messages to the user. */
  readonly root: string;
  /** Appends the text in one write. Resolves when the operating system has it, so that it survives the end of this process. */
  append(name: string, text: string): Promise<void>;
  /** The whole content; undefined when there is none. */
  read(name: string): Promise<string | undefined>;
  /** Replaces the content atomically. */
  write(name: string, text: string): Promise<void>;
  /** Names of the files directly under a folder ("" is the root), sorted; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Does nothing when there is no such file. */
  remove(name: string): Promise<void>;
  /**
   * Takes a lock that one holder at a time has, in all processes that share the store, until it is released or its process ends, however that
   * ends. Locks have names of their own, which are those of no files. Rejects with `conflict` when another holder, in this process or another
   * one, has it and does not release it within a few seconds.
   */
  lock(name: string): Promise<StorageLock>;
}

export interface StorageLock {
  /** Resolves when others can take it. */
  release(): Promise<void>;
}

/** What an editor knows beyond files. A host without one answers with nothing. */
export interface Editor {
  /**
   * The folders the user works in; the first is the default cwd. Empty when no folder is open. A host without a window has the folder of
   * the thread that asks, `threadFolder`, and those that were named at its start.
   */
  workspaceRoots(threadFolder?: string): readonly string[];
  /** Problems the language services report now, for these files, or for all when `paths` is undefined. Undefined when there is no editor. */
  diagnostics(
    paths: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<readonly FileDiagnostic[] | undefined>;
  /** What the user has open, for the environment context. */
  openEditors(): OpenEditors;
}

export interface FileDiagnostic {
  readonly path: string;
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly message: string;
  /** Such as "ts" or "eslint". */
  readonly source?: string | undefined;
  /** Such as "2322". */
  readonly code?: string | undefined;
  /** Lines and columns count from 1; the end is exclusive in its column. */
  readonly range: {
    readonly startLine: number;
    readonly startColumn: number;
    readonly endLine: number;
    readonly endColumn: number;
  };
}

export interface OpenEditors {
  readonly activePath?: string | undefined;
  /** Counting from 1, of the active editor; absent when nothing is selected. */
  readonly selection?: { readonly startLine: number; readonly endLine: number } | undefined;
  readonly visiblePaths: readonly string[];
  readonly openPaths: readonly string[];
}

/** What git knows of a folder. */
export interface Git {
  /**
   * How many files git would list as changed, added or untracked in the repository around the folder; undefined when that cannot be known: no git,
   * no repository, too many. Runs nothing that the repository's configuration names: no hook, no filter, no file system monitor. It writes nothing.
   */
  changedFiles(folder: string, signal: AbortSignal): Promise<number | undefined>;
}

/** Tools that others bring along. */
export interface ToolSource {
  /** Those that are there at this moment. Asked before each request, so it answers from memory, with the same objects for the same tools. */
  list(): readonly HostTool[];
}

export interface HostTool {
  /** Letters, digits, "_" and "-", at most 64 of them, such as "mcp__SERVER__TOOL". A tool with any other name, or one that is taken, is left out. */
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of type "object". */
  readonly parameters: object;
  /** Who brings it, for the user who is asked. Absent for a tool that only looks at what the agent may see anyway: it runs unasked. */
  readonly server?: string | undefined;
  /** Resolves with the output for the model. Rejects with AgentError in words for the model when the arguments do not fit or the tool fails. */
  run(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>;
}

/**
 * How the files of the workspace were at certain moments, kept in the private store. Never touches git, and writes nothing into the workspace.
 * Files are those that `FileSystem.list` would show, as they are on disk; what lies in the private store is not among them. Takings, and what
 * `keepOnly` removes, take effect one after the other. What is damaged on disk is gone, and never read as something else.
 */
export interface Snapshots {
  /**
   * Notes all files below the roots. A file whose size, times and inode are those of the newest snapshot of the same roots is not read again,
   * unless it was written at the moment of that snapshot. Files over 8 MiB are noted without their content, as are those that cannot be read.
   * Resolves with the new snapshot's id, which is the newest one's when no content and no program bit differs.
   * Rejects with `tooLarge` for more than 200,000 files, or more than 1 GiB to be read, and with `internal` when the disk is full.
   */
  take(roots: readonly string[], signal: AbortSignal): Promise<string>;
  /**
   * What differs in content between two snapshots of the same roots, sorted by path. A file is not added that was there unchanged before `from`, and
   * that only a change of an ignore file let go of since. Rejects with `notFound` when one of them is not kept any more, and with `invalid` when they
   * are of different roots.
   */
  compare(from: string, to: string): Promise<readonly SnapshotChange[]>;
  /**
   * A file as the snapshot has it; undefined when it had no such file. Rejects with `notFound` for the snapshot, with `tooLarge` for a file without
   * content.
   */
  read(id: string, path: string): Promise<SnapshotFile | undefined>;
  /**
   * Lets go of all snapshots but these and those that are taken after the call, and of content that none of them needs. While another process
   * takes snapshots of the same roots (within the last hour), nothing of them is let go: it may need what nobody else knows of.
   */
  keepOnly(ids: readonly string[]): Promise<void>;
  /** Bytes on disk, of all snapshots. */
  diskBytes(): Promise<number>;
}

export interface SnapshotChange {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

export interface SnapshotFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}
