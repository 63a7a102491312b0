import { readlink } from "node:fs/promises";

/** Has a command say which network it is in, and what rights it has. */
export const LINUX_SCRIPT = "readlink /proc/self/ns/net > seen && cat /proc/self/status >> seen";

const RIGHTS = ["NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000"];

/** A sentence about what it should not have; undefined when all is well. */
export async function judgeLinux(seen: string): Promise<string | undefined> {
  const [network = "", ...status] = seen.split("\n");
  if (network === "" || network === (await readlink("/proc/self/ns/net"))) {
    return "A confined command had the network of this machine.";
  }
  const missing = RIGHTS.filter((line) => !status.includes(line));
  if (missing.length === 0) return undefined;
  return `A confined command kept rights that it should not have (${missing.join(", ")}).`;
}
