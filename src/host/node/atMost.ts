import { setTimeout as sleep } from "node:timers/promises";

/** Resolves after so many milliseconds; rejects at once when the signal is aborted. */
export type Delay = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export const realDelay: Delay = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

/** Resolves when the work is done, or else when the time is over. Leaves no timer behind, which would keep this program from ending. */
export async function atMost(milliseconds: number, work: Promise<unknown>, delay: Delay): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, delay(milliseconds, done.signal).catch(() => undefined)]);
  done.abort();
}
