import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, sep } from "node:path";

/** The processes whose program lies in a folder directly below the root or that work in one, by the folder's name: as the kernel shows them. */
export function livingBelow(root: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid) || isDead(pid)) continue;
    const path = [dirname(linkOf(pid, "exe")), linkOf(pid, "cwd")].find((one) => one.startsWith(root + sep));
    if (path === undefined) continue;
    const name = path.slice(root.length + 1).split(sep)[0] as string;
    found.set(name, [...(found.get(name) ?? []), Number(pid)]);
  }
  return found;
}

/** Whether the process is gone, or waits only to be noticed as dead. */
export function isDead(pid: number | string): boolean {
  try {
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true;
  }
}

/** Empty when the process is gone. */
export function linkOf(pid: number | string, name: "exe" | "cwd"): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return "";
  }
}
