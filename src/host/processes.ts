import type { Confinement, Quarantined } from "./sandbox.ts";

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
