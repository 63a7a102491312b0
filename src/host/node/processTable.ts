import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { OperatingSystem } from "./platform.ts";

/** One running process. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Its environment, or its command line followed by it; empty when it may not be read. */
  readonly environment: string;
}

/** All running processes. Synchronous, since one that forks meanwhile would slip through. Empty on Windows. */
export function listProcesses(os: OperatingSystem): readonly ProcessEntry[] {
  if (os === "linux") return readdirSync("/proc").flatMap(readProcEntry);
  if (os === "windows") return [];
  const text = execFileSync("ps", ["-A", "-E", "-ww", "-o", "pid=,ppid=,pgid=,stat=,command="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return parseProcessList(text);
}

/** The lines of `ps` as macOS prints them. */
export function parseProcessList(text: string): readonly ProcessEntry[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, group, state, environment] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith("Z")) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), environment: environment ?? "" }];
  });
}

/** What a command is known by. */
export interface TreeQuery {
  /** The process itself; undefined to go by the marker only. */
  readonly pid: number | undefined;
  /** Whether it has ended, so that its number may belong to a stranger by now. */
  readonly leader: "running" | "ended";
  /** The environment variable, with its value, that all its descendants inherit. */
  readonly marker: string;
}

/** The processes of one command: its group, all descendants, and whatever carries its marker although it left both. */
export function selectTree(all: readonly ProcessEntry[], { pid, leader, marker }: TreeQuery): readonly number[] {
  const known = pid !== undefined && !(leader === "ended" && all.some((entry) => entry.pid === pid));
  const chosen = new Set<number>();
  for (const entry of all) {
    const ofGroup = known && (entry.pid === pid || entry.group === pid);
    if (ofGroup || carries(entry.environment, marker)) chosen.add(entry.pid);
  }
  for (let size = -1; size !== chosen.size; ) {
    size = chosen.size;
    for (const entry of all) if (chosen.has(entry.parent)) chosen.add(entry.pid);
  }
  chosen.delete(process.pid);
  return [...chosen];
}

function carries(environment: string, marker: string): boolean {
  const at = environment.indexOf(marker);
  if (at === -1) return false;
  const after = environment.charAt(at + marker.length);
  return after === "" || after === "\0" || after === " " || marker.endsWith(":");
}

function readProcEntry(name: string): readonly ProcessEntry[] {
  const pid = Number(name);
  if (!Number.isInteger(pid)) return [];
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name stands in parentheses and may hold anything, further parentheses too.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return [];
    return [{ pid, parent: Number(parent), group: Number(group), environment: readEnvironment(pid) }];
  } catch {
    return [];
  }
}

function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
