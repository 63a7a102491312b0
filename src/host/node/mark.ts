import { randomInt, randomUUID } from "node:crypto";
import type { Environment } from "./platform.ts";

const VARIABLE = "PATCHWRIGHT_COMMAND_ID";
/** Digits of the host's number, and of the command's after it: together they stay below what a limit can be. */
const HOST_DIGITS = 10;
const COMMAND_DIGITS = 8;

/**
 * What the processes of one command, or of all commands of one host, are known by, whatever becomes of their parents, groups and sessions:
 * two things that every child inherits.
 */
export interface Mark {
  /** An environment variable with its value; a host's ends with a colon. A process may change its environment. */
  readonly variable: string;
  /**
   * The soft limit on file locks, as a decimal number; a host's is only its first digits. Linux inherits and shows it, and does nothing with it:
   * so programs leave it alone, also those that start others with an empty environment. Undefined where it is not set.
   */
  readonly locks: string | undefined;
}

/** A mark with both. */
export interface LastingMark extends Mark {
  readonly locks: string;
}

/** A new one. A host that is itself run by a command of another carries that one's mark on, so that the other's stop reaches what this one started. */
export function hostMark(own: Environment): LastingMark {
  const outer = own[VARIABLE] === undefined ? "" : `${own[VARIABLE]}/`;
  return { variable: `${VARIABLE}=${outer}${randomUUID()}:`, locks: `${randomInt(10 ** (HOST_DIGITS - 1), 2 ** 32)}` };
}

/** The mark of the host's command with this number. */
export function commandMark({ variable, locks }: LastingMark, count: number): LastingMark {
  return { variable: `${variable}${count}`, locks: `${locks}${String(count).padStart(COMMAND_DIGITS, "0")}` };
}

/** What a process shows of itself. */
export interface Marked {
  /** Its environment, or its command line followed by it; empty when it may not be read. */
  readonly environment: string;
  /** Its soft limit on file locks; empty when it may not be read. */
  readonly locks: string;
}

/** Whether the process inherited the mark. */
export function carries({ environment, locks }: Marked, mark: Mark): boolean {
  return hasLocks(locks, mark.locks) || hasVariable(environment, mark.variable);
}

function hasLocks(locks: string, mark: string | undefined): boolean {
  if (mark?.length !== HOST_DIGITS) return locks === mark;
  return locks.length === HOST_DIGITS + COMMAND_DIGITS && locks.startsWith(mark);
}

function hasVariable(environment: string, variable: string): boolean {
  const at = environment.indexOf(variable);
  if (at === -1) return false;
  const after = environment.charAt(at + variable.length);
  return after === "" || /[\0 /]/.test(after) || variable.endsWith(":");
}

/** The number, or the word "unlimited", in the text of /proc/PID/limits. */
export function locksIn(limits: string): string {
  return /^Max file locks +(\S+)/m.exec(limits)?.[1] ?? "";
}

/**
 * The command behind a shell that sets the limit and then becomes the command. Shells name the limit -w or -x; where one knows neither, or may
 * not set it, the command runs without.
 */
export function markedArgv(argv: readonly [string, ...string[]], { locks }: LastingMark): [string, ...string[]] {
  const set = 'ulimit -S -w "$0" 2>/dev/null || ulimit -S -x "$0" 2>/dev/null; exec "$@"';
  return ["/bin/sh", "-c", set, locks, ...argv];
}
