/** What a confined command finds where, as real paths: no symbolic links in them. Pure data, made by `lookAround`. */
export interface Layout {
  readonly cwd: string;
  /** What can be written, folders before those within them. */
  readonly writable: readonly string[];
  /** What is read-only although it lies in a writable folder. */
  readonly protected: readonly string[];
  readonly hidden: readonly HiddenPath[];
  /** What can be read although it lies in something hidden. */
  readonly readable: readonly string[];
  /** Folders for temporary files that the command has empty and for itself; none when it has those of everybody. */
  readonly emptied: readonly string[];
  /** What is there, read-only, although it lies in such a folder. */
  readonly kept: readonly string[];
}

export interface HiddenPath {
  readonly path: string;
  readonly kind: "folder" | "file";
}
