import { setTimeout as delay } from "node:timers/promises";

/** Long enough for the slowest machine: a deadline is only ever reached by a test that fails. */
export const patienceMs = 60_000;

const intervalMs = 50;

/**
 * Asks until the answer is neither undefined nor false, and resolves with it. A probe that throws counts as not yet.
 * Rejects when the time is over, with `what` and the last error.
 */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = patienceMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    await delay(intervalMs);
  } while (Date.now() < deadline);
  throw new Error(`Waited ${timeoutMs / 1000} s in vain: ${what}.`, { cause });
}
