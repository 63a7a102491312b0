import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { throwIfAborted } from "../protocol/errors.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    throwIfAborted(signal);
    await delay(ms, undefined, { signal }).catch(() => throwIfAborted(signal));
  },
};
