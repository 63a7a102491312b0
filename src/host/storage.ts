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
  /**
   * The locks directly under a folder that other processes of this machine have now, by the rest of their names, each with who that is, such as
   * "a window of Code with /home/me/project"; "" of one that did not say.
   */
  lockedElsewhere(folder: string): Promise<ReadonlyMap<string, string>>;
  /**
   * Tells whenever files directly under a folder may have been written or removed, by this process or another one, until it is disposed of.
   * Resolves when it does. It may tell late, once for many files, or for nothing; of a disk that cannot be watched it tells nothing.
   */
  watch(folder: string, listener: () => void): Promise<StorageWatch>;
}

export interface StorageWatch {
  dispose(): void;
}

export interface StorageLock {
  /** Resolves when others can take it. */
  release(): Promise<void>;
}
