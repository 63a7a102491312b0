import process from "node:process";

/**
 * For how many milliseconds the processor worked on this, whatever else the machine does meanwhile: on one that does nothing else, and has a
 * quick disk, it takes no longer.
 */
export async function worked<T>(work: () => T): Promise<{ readonly result: Awaited<T>; readonly ms: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: Math.round((user + system) / 1000) };
}
