/** What git knows of a folder. */
export interface Git {
  /**
   * How many files git would list as changed, added or untracked in the repository around the folder; undefined when that cannot be known: no git,
   * no repository, too many. Runs nothing that the repository's configuration names: no hook, no filter, no file system monitor. It writes nothing.
   */
  changedFiles(folder: string, signal: AbortSignal): Promise<number | undefined>;
}
