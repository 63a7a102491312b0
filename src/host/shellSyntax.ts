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
  /**
   * What else may begin somewhere in it: words that are not plain, as their letters without the quotes around them, and commands in texts that a program
   * among the words takes for a command line. They are no promise of what runs: enough to forbid the text.
   */
  readonly perhaps?: readonly (readonly string[])[];
}
