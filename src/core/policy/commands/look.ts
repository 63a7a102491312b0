/** What a command that only looks looks at: paths as they were given, relative to where it runs. */
export interface Look {
  readonly paths: readonly string[];
  /** The folder that the commands after it run in, if it gets there. */
  readonly movesTo?: string | undefined;
}
