/** What a command that only looks looks at: paths as they were given, relative to where it runs. */
export interface Look {
  readonly paths: readonly string[];
  /** Of these, the ones that it reads whole: of a folder, what is in the files below, hidden and ignored ones too. */
  readonly whole?: readonly string[] | undefined;
  /** The ones of which it reads what is in the files below, but for what an ignore rule hides, or a dot at the beginning of a name. */
  readonly searched?: readonly string[] | undefined;
  /** The folder that the commands after it run in, if it gets there. */
  readonly movesTo?: string | undefined;
}
