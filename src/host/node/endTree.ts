import { execFile } from "node:child_process";
import { carries } from "./mark.ts";
import { type OperatingSystem, taskkillArgv } from "./platform.ts";
import { listProcesses, type ProcessEntry, selectTree, type TreeQuery } from "./processTable.ts";

/** How long a command may take to end when asked, in milliseconds. */
const POLITE_MS = 800;
/** When nothing more is tried: a process that the operating system cannot end by then waits for a device. */
const DEADLINE_MS = 1600;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 100;

export interface EndTools {
  readonly os: OperatingSystem;
  readonly delay: (milliseconds: number) => Promise<void>;
}

/** Ends a command with all its descendants: first asking, then by force. `query` is asked anew each time. Resolves within 2 s. */
export async function endTree(query: () => TreeQuery, { os, delay }: EndTools): Promise<void> {
  if (os === "windows") return endOnWindows(query());
  const began = performance.now();
  let waited = 0;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    // On a busy machine looking takes long, too: the time that was asked to wait is less than what went by.
    const byForce = Math.max(waited, performance.now() - began) >= POLITE_MS;
    const alive = byForce ? force(query(), os) : findTree(query(), os);
    if (alive.length === 0 || waited >= DEADLINE_MS) return;
    if (waited === 0) for (const target of alive) ask(target);
    // What forks all the time is met more often than once a wait.
    if (byForce) wait = FIRST_WAIT_MS;
    await delay(wait);
    waited += wait;
  }
}

/** What to signal: processes, or the group (a negative number) where processes cannot be listed. */
function findTree(query: TreeQuery, os: OperatingSystem, onEntry?: (entry: ProcessEntry) => void): readonly number[] {
  try {
    return selectTree(listProcesses(os, onEntry), query);
  } catch {
    return query.pid !== undefined && send(-query.pid, 0) ? [-query.pid] : [];
  }
}

/**
 * Kills what there is, and returns it. What carries the mark dies as soon as it is seen, with its group: a signal to a group misses none of its
 * members, however fast they fork, and since each command has a session of its own, no stranger is in a group with one of its processes.
 */
function force(query: TreeQuery, os: OperatingSystem): readonly number[] {
  const onSight = (entry: ProcessEntry) => {
    if (entry.pid === process.pid || !carries(entry, query.mark)) return;
    send(entry.pid, "SIGKILL");
    if (entry.group > 1) send(-entry.group, "SIGKILL");
  };
  const alive = findTree(query, os, onSight);
  for (const target of alive) send(target, "SIGKILL");
  return alive;
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
  return new Promise((resolve) => execFile(program, args, { windowsHide: true }, () => resolve()));
}
