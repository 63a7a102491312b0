import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { programEnvironment } from "./environment.ts";

/** What tells a process from all others, also from a later one with its number, and from those of other machines. */
export interface ProcessName {
  /** The machine, or the container on it. */
  readonly machine: string;
  /** Which start of the machine. */
  readonly boot: string;
  readonly pid: number;
  /** When it started, in the system's own terms; "0" where that cannot be known. */
  readonly start: string;
}

let own: ProcessName | undefined;

/** The name of this process. */
export function ownProcess(): ProcessName {
  own ??= processNamed(process.pid);
  return own;
}

/** The name of a process of this machine. */
export function processNamed(pid: number): ProcessName {
  return {
    machine: hash(`${hostname()} ${read(() => readlinkSync("/proc/self/ns/pid"))}`),
    boot: hash(read(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1"))),
    pid,
    start: stateOf(pid)?.start ?? "0",
  };
}

/** As part of a file name: letters, digits and dots. */
export function formatProcess({ machine, boot, pid, start }: ProcessName): string {
  return `${machine}.${boot}.${pid}.${start}`;
}

export function parseProcess(text: string): ProcessName | undefined {
  const [, machine, boot, pid, start] = /^([0-9a-f]+)\.([0-9a-f]+)\.(\d+)\.(\d+)$/.exec(text) ?? [];
  return machine && boot && start ? { machine, boot, pid: Number(pid), start } : undefined;
}

/** Whether the process has ended; "unknown" for one of another machine. */
export function isOver({ machine, boot, pid, start }: ProcessName): boolean | "unknown" {
  const here = ownProcess();
  if (machine !== here.machine) return "unknown";
  if (boot !== here.boot || !isThere(pid)) return true;
  const now = stateOf(pid);
  if (!now) return false;
  return now.ended || (start !== "0" && now.start !== start);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface State {
  /** True for one that has ended and that its parent has not asked about yet. */
  readonly ended: boolean;
  readonly start: string;
}

/** Undefined where there is no way to know. */
function stateOf(pid: number): State | undefined {
  if (process.platform === "win32") return undefined;
  return process.platform === "linux" ? linuxState(pid) : psState(pid);
}

function linuxState(pid: number): State | undefined {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  if (stat === "") return undefined;
  // The program's name stands in parentheses and may hold anything. After it the state is the third field, the start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { ended: fields[0] === "Z" || fields[0] === "X", start: fields[19] ?? "0" };
}

function psState(pid: number): State | undefined {
  const env = { ...programEnvironment(process.env), LC_ALL: "C" };
  const line = read(() =>
    execFileSync("ps", ["-o", "stat=,lstart=", "-p", `${pid}`], { env, encoding: "latin1" }),
  ).trim();
  const [state = "", ...started] = line.split(/\s+/);
  if (state === "") return undefined;
  return { ended: state.startsWith("Z"), start: `${Date.parse(started.join(" ")) || 0}` };
}

function read(work: () => string): string {
  try {
    return work();
  } catch {
    return "";
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
