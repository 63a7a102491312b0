/** What is known of a program, as far as rules and approvals care. What only looks is in `programs.ts`. */
export interface Traits {
  /** It runs what its own arguments are: a command, or anything in a language of its own, however many words of it a rule would name. */
  readonly runs?: "command" | "anything";
  /** What stands behind one of these words is a command that it runs. */
  readonly runsBehind?: RegExp;
  /** Its arguments can do harm of quite another size: they overwrite, delete or send any file, or change the machine. */
  readonly harms?: true;
  /** It runs a file, or the code after one of these flags, that comes next. */
  readonly code?: RegExp;
  /** It does what its next word says. */
  readonly words?: true;
  /** It does nothing without such a word, and these may still mean anything. */
  readonly wide?: ReadonlySet<string>;
  /** It runs what it is given elsewhere, where words and places say little. */
  readonly contains?: true;
  /** It runs what the files of a project say: its scripts, its tests, its build, or code of its packages. */
  readonly project?: true;
  /** Files of the folder that it runs without their being named. */
  readonly files?: readonly string[];
  /** The next words that a rule for outside the sandbox may name, where not any; "*" stands for any. */
  readonly outside?: ReadonlyMap<string, Outside>;
}

export interface Outside {
  /**
   * "needed": the rule must name the word after it, too. "closing": it may, and without it covers only commands that have nothing but options there.
   */
  readonly name?: "needed" | "closing" | undefined;
  /**
   * Options by which it would run any program, write or tell any file, or work on another project: a command that has one is not covered. "=" is any word that
   * sets a variable, "/" any with a slash in it, ":" one with a colon, "#" one that names a commit, "." one whose name begins with a dot, such as the
   * folder above, "://" an address, "@" one that names a file of arguments; with "!" the program takes no long name that is cut short.
   */
  readonly opened: readonly string[];
  /** Where it takes any setting as an option: the names of those that it may have before "--", with or without "no-" before them; all when absent. */
  readonly only?: ReadonlySet<string> | undefined;
}
