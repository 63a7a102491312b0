import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { programEnvironment } from "./environment.ts";
import { carries, locksIn, type Mark, type Marked } from "./mark.ts";
import type { OperatingSystem } from "./platform.ts";

/** One running process. */
export interface ProcessEntry extends Marked {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/**
 * All running processes. Synchronous, since one that forks meanwhile would slip through. Empty on Windows. On Linux `onEntry` is called with each
 * as soon as it was read: before one that does nothing but fork has gone on.
 */
export function listProcesses(os: OperatingSystem, onEntry?: (entry: ProcessEntry) => void): readonly ProcessEntry[] {
  if (os === "linux") return readdirSync("/proc").flatMap((name) => readProcEntry(name, onEntry));
  if (os === "windows") return [];
  const text = execFileSync("ps", ["-A", "-E", "-ww", "-o", "pid=,ppid=,pgid=,stat=,command="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
    env: programEnvironment(process.env),
  });
  return parseProcessList(text);
}

/** The lines of `ps` as macOS prints them. */
export function parseProcessList(text: string): readonly ProcessEntry[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, group, state, environment] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith("Z")) return [];
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), environment: environment ?? "", locks: "" },
    ];
  });
}

/** What a command is known by. */
export interface TreeQuery {
  /** The process itself; undefined to go by the mark only. */
  readonly pid: number | undefined;
  /** Whether it has ended, so that its number, and that of its group, may belong to strangers by now. */
  readonly leader: "running" | "ended";
  /** What all its descendants inherit. */
  readonly mark: Mark;
  /** Those of its processes that end with the others, and take them along: they are not asked to. */
  readonly overseers?: readonly number[] | undefined;
}

/**
 * The processes of one command: its group, all descendants, and whatever carries its mark although it left both. Of a group whose leader has
 * ended only what carries the mark counts where marks last (`locks` are shown), since the group may be another one by now.
 */
export function selectTree(all: readonly ProcessEntry[], { pid, leader, mark }: TreeQuery): readonly number[] {
  const known = pid !== undefined && !(leader === "ended" && all.some((entry) => entry.pid === pid));
  const chosen = new Set<number>();
  for (const entry of all) {
    const isMember = known && (entry.pid === pid || entry.group === pid);
    if ((isMember && (leader === "running" || entry.locks === "")) || carries(entry, mark)) chosen.add(entry.pid);
  }
  for (let size = -1; size !== chosen.size; ) {
    size = chosen.size;
    for (const entry of all) if (chosen.has(entry.parent)) chosen.add(entry.pid);
  }
  chosen.delete(process.pid);
  return [...chosen];
}

function readProcEntry(name: string, onEntry?: (entry: ProcessEntry) => void): readonly ProcessEntry[] {
  const pid = Number(name);
  if (!Number.isInteger(pid)) return [];
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name stands in parentheses and may hold anything, further parentheses too.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return [];
    const locks = locksIn(readOf(pid, "limits"));
    const entry = { pid, parent: Number(parent), group: Number(group), environment: readOf(pid, "environ"), locks };
    onEntry?.(entry);
    return [entry];
  } catch {
    return [];
  }
}

/** Empty when it may not be read. */
function readOf(pid: number, name: "environ" | "limits"): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}
