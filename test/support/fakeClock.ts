import type { Clock } from "../../src/core/clock.ts";
import { FLUSH_MS } from "../../src/core/deltas.ts";
import { AgentError } from "../../src/protocol/errors.ts";

interface Sleeper {
  readonly ms: number;
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** Time that passes only when the test says so. */
export interface FakeClock extends Clock {
  /** Lets time pass and wakes whoever's time has come. */
  advance(ms: number): void;
  /** Resolves once somebody sleeps for exactly this long; they go on sleeping. */
  sleeping(ms: number): Promise<void>;
}

export function createFakeClock(startMs = 1_795_000_000_000): FakeClock {
  let nowMs = startMs;
  let sleepers: Sleeper[] = [];
  let watchers: { ms: number; told: () => void }[] = [];
  return {
    now: () => nowMs,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(new AgentError("aborted", "It was stopped."));
        };
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop, { once: true });
        const wake = () => {
          signal.removeEventListener("abort", stop);
          resolve();
        };
        const sleeper: Sleeper = { ms, wakeAtMs: nowMs + ms, wake };
        sleepers.push(sleeper);
        for (const watcher of watchers.filter((one) => one.ms === ms)) watcher.told();
        watchers = watchers.filter((one) => one.ms !== ms);
      });
    },
    advance(ms) {
      nowMs += ms;
      const due = sleepers.filter((sleeper) => sleeper.wakeAtMs <= nowMs);
      sleepers = sleepers.filter((sleeper) => sleeper.wakeAtMs > nowMs);
      for (const { wake } of due) wake();
    },
    sleeping: (ms) =>
      sleepers.some((sleeper) => sleeper.ms === ms)
        ? Promise.resolve()
        : new Promise((told) => watchers.push({ ms, told })),
  };
}

/** The same, but small pieces of text are sent at once rather than gathered. */
export function quickClock(): FakeClock {
  const clock = createFakeClock();
  const { sleep } = clock;
  return { ...clock, sleep: (ms, signal) => (ms === FLUSH_MS ? Promise.resolve() : sleep(ms, signal)) };
}
