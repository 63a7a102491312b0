import { readdirSync, readFileSync } from "node:fs";

const CLOSED_FOR_CHILDREN = 0o2000000;

/**
 * Descriptors beyond the standard ones that a child of this process would get although nobody means it to, such as a connection to whoever
 * started this process.
 */
export function inheritedDescriptors(): readonly number[] {
  try {
    return readdirSync("/proc/self/fd").map(Number).filter(isInherited);
  } catch {
    return [];
  }
}

function isInherited(descriptor: number): boolean {
  if (descriptor <= 2) return false;
  try {
    const [, flags = "0"] = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1")) ?? [];
    return (Number.parseInt(flags, 8) & CLOSED_FOR_CHILDREN) === 0;
  } catch {
    return false;
  }
}
