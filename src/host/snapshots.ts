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
