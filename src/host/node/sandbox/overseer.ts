import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** How long the last process of a command that has ended may take to go, in milliseconds. */
const LONGEST_WAIT_MS = 2000;

/** The process within the sandbox that all others there end with. It ends a moment after the command that it was started for. */
export interface Overseer {
  /** Takes bubblewrap's report, which tells its number. */
  connect(report: Duplex): void;
  /** Its number, once it is known. */
  pids(): readonly number[];
  /** Resolves when no other process of the command is left. Within 2 s. */
  ended(): Promise<void>;
}

export function createOverseer(): Overseer {
  let text = "";
  let told: Promise<unknown> = Promise.resolve();
  const pids = () => [...text.matchAll(/"child-pid": (\d+)/g)].map(([, pid]) => Number(pid));
  return {
    connect(report) {
      report.setEncoding("latin1");
      report.on("data", (chunk: string) => {
        text += chunk;
      });
      told = new Promise((resolve) => report.once("close", resolve));
    },
    pids,
    async ended() {
      // The end of the command may be known before the report was read.
      await told;
      const [pid] = pids();
      if (pid === undefined) return;
      for (
        let waited = 0, wait = 1;
        hasProcesses(pid) && waited < LONGEST_WAIT_MS;
        waited += wait, wait = Math.min(2 * wait, 50)
      ) {
        await sleep(wait);
      }
    },
  };
}

/**
 * Whether processes of the command are left: all of them are descendants of the overseer. It takes a while to go itself, since its mounts go with it.
 * What has ended and was not noticed yet has no processes of its own any more.
 */
function hasProcesses(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    if (/[ZX]/.test(stat.charAt(stat.lastIndexOf(")") + 2))) return false;
    return childrenOf(pid) !== "";
  } catch {
    return false;
  }
}

/** Undefined where the kernel does not tell. */
function childrenOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  } catch {
    return undefined;
  }
}
