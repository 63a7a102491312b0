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
