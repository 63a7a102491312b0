import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "../../protocol/errors.ts";

/** The time of this machine, in Unix milliseconds, and waiting; a wait rejects with `aborted` when the signal is. */
export const systemClock = {
  now: () => Date.now(),
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    await delay(ms, undefined, { signal }).catch(() => throwIfAborted(signal));
  },
};
