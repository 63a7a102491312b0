import { execFile } from "node:child_process";
import { programEnvironment } from "./environment.ts";
import { carries } from "./mark.ts";
import { type OperatingSystem, taskkillArgv } from "./platform.ts";
import { listProcesses, type ProcessEntry, selectTree, type TreeQuery } from "./processTable.ts";

/** How long a command may take to end when asked, in milliseconds. */
const POLITE_MS = 600;
/** When nothing more is tried: a process that the operating system cannot end by then waits for a device. */
const DEADLINE_MS = 1600;
/** However slow the machine, this often force is used before that. */
const LEAST_FORCED = 3;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 50;

export interface EndTools {
  readonly os: OperatingSystem;
  readonly delay: (milliseconds: number) => Promise<void>;
}

/** Ends a command with all its descendants: first asking, then by force. `query` is asked anew each time. Resolves within 2 s. */
export type EndTree = (query: () => TreeQuery) => Promise<void>;

/** Those that are to be ended at one time are looked for together, since looking takes longer than anything else here. */
export function createEndTree({ os, delay }: EndTools): EndTree {
  const endings = new Set<Ending>();
  let isGoing = false;

  async function go(): Promise<void> {
    // What is stopped with one word is stopped within one tick.
    await Promise.resolve();
    while (endings.size > 0) {
      for (const ended of sweep([...endings], os)) {
        endings.delete(ended);
        ended.done();
      }
      const wait = Math.min(...[...endings].map((one) => one.wait));
      if (endings.size > 0) await delay(wait);
      for (const one of endings) one.waited += wait;
    }
    isGoing = false;
  }

  return (query) => {
    if (os === "windows") return endOnWindows(query());
    return new Promise((done) => {
      endings.add(new Ending(query, done));
      if (!isGoing) void go();
      isGoing = true;
    });
  };
}

/** A command that is being ended. */
class Ending {
  readonly query: () => TreeQuery;
  readonly done: () => void;
  waited = 0;
  looked = 0;
  forced = 0;
  readonly #began = performance.now();

  constructor(query: () => TreeQuery, done: () => void) {
    this.query = query;
    this.done = done;
  }

  /** On a busy machine looking takes long, too: the time that was asked to wait is less than what went by. */
  get #elapsed(): number {
    return Math.max(this.waited, performance.now() - this.#began);
  }

  get byForce(): boolean {
    return this.#elapsed >= POLITE_MS;
  }

  get isGivenUp(): boolean {
    return this.#elapsed >= DEADLINE_MS && this.forced >= LEAST_FORCED;
  }

  /** Until the next look. What forks all the time is looked for again at once. */
  get wait(): number {
    return this.byForce ? FIRST_WAIT_MS : Math.min(FIRST_WAIT_MS * 2 ** this.looked, LONGEST_WAIT_MS);
  }
}

/** Looks once and signals what is there. Returns those of which nothing is left, or that are given up. */
function sweep(endings: readonly Ending[], os: OperatingSystem): readonly Ending[] {
  const asked = endings.map((ending) => ({ ending, query: ending.query(), byForce: ending.byForce }));
  const marks = asked.filter((one) => one.byForce).map((one) => one.query.mark);
  const halted = new Set<number>();
  const all = list(os, (entry) => {
    if (entry.pid !== process.pid && marks.some((mark) => carries(entry, mark))) halt(entry, halted);
  });
  const left = asked.filter(({ ending, query, byForce }) => {
    const alive = all ? selectTree(all, query) : groupOf(query);
    if (alive.length === 0 || ending.isGivenUp) return false;
    if (byForce) for (const target of alive) send(target, "SIGKILL");
    else if (ending.looked === 0) for (const target of alive) if (!query.overseers?.includes(target)) ask(target);
    ending.looked += 1;
    ending.forced += byForce ? 1 : 0;
    return true;
  });
  for (const group of halted) send(-group, "SIGKILL");
  return endings.filter((ending) => !left.some((one) => one.ending === ending));
}

/** Undefined where processes cannot be listed. */
function list(os: OperatingSystem, onEntry: (entry: ProcessEntry) => void): readonly ProcessEntry[] | undefined {
  try {
    return listProcesses(os, onEntry);
  } catch {
    return undefined;
  }
}

/** The group, as a negative number. */
function groupOf({ pid }: TreeQuery): readonly number[] {
  return pid !== undefined && send(-pid, 0) ? [-pid] : [];
}

/**
 * Keeps it from forking until it is killed: killed at once, it would be nobody's parent any more, and its children are found by that. With its
 * group, since a signal to a group misses none of its members, however fast they fork. Each command has a session of its own, so no stranger is
 * in a group with one of its processes.
 */
function halt({ pid, group }: ProcessEntry, halted: Set<number>): void {
  send(pid, "SIGSTOP");
  if (group <= 1 || halted.has(group)) return;
  send(-group, "SIGSTOP");
  halted.add(group);
}

/** A stopped process handles the question only once it goes on. */
function ask(target: number): void {
  send(target, "SIGTERM");
  send(target, "SIGCONT");
}

/** Whether there was something to signal that may be signalled. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

function endOnWindows({ pid, leader }: TreeQuery): Promise<void> {
  if (pid === undefined || leader === "ended") return Promise.resolve();
  const [program, ...args] = taskkillArgv(pid);
  return new Promise((resolve) =>
    execFile(program, args, { windowsHide: true, env: programEnvironment(process.env) }, () => resolve()),
  );
}
