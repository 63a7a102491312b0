import { execFile } from "node:child_process";
import { type OperatingSystem, taskkillArgv } from "./platform.ts";
import { listProcesses, selectTree, type TreeQuery } from "./processTable.ts";

/** How long a command may take to end when asked, in milliseconds. */
const POLITE_MS = 1000;
/** When nothing more is tried: a process that the operating system cannot end by then waits for a device. */
const DEADLINE_MS = 1700;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 100;

export interface EndTools {
  readonly os: OperatingSystem;
  readonly delay: (milliseconds: number) => Promise<void>;
}

/** Ends a command with all its descendants: first asking, then by force. `query` is asked anew each time. Resolves within 2 s. */
export async function endTree(query: () => TreeQuery, { os, delay }: EndTools): Promise<void> {
  if (os === "windows") return endOnWindows(query());
  let waited = 0;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const alive = selectTree(listProcesses(os), query());
    if (alive.length === 0 || waited >= DEADLINE_MS) return;
    if (waited === 0) for (const pid of alive) signal(pid, "SIGTERM");
    if (waited >= POLITE_MS) for (const pid of alive) signal(pid, "SIGKILL");
    await delay(wait);
    waited += wait;
  }
}

/** A stopped process handles SIGTERM only once it goes on. */
function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
    if (name === "SIGTERM") process.kill(pid, "SIGCONT");
  } catch {
    // It has ended meanwhile, or belongs to another user.
  }
}

function endOnWindows({ pid, leader }: TreeQuery): Promise<void> {
  if (pid === undefined || leader === "ended") return Promise.resolve();
  const [program, ...args] = taskkillArgv(pid);
  return new Promise((resolve) => execFile(program, args, { windowsHide: true }, () => resolve()));
}
