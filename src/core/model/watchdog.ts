import type { Clock } from "../clock.ts";

/**
 * Aborts a request that is silent for too long, or whose caller aborts. Silence counts only while the answer is awaited, not while the
 * caller works on an event. `end` must be called once.
 */
export interface Watchdog {
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** True when it was the silence that aborted. */
  readonly timedOut: boolean;
  /** The answer is awaited from now on. */
  awaiting(): void;
  /** Something came. */
  received(): void;
  /** Ends the watch and, when it is still open, the request. */
  end(): void;
}

export function startWatchdog(clock: Clock, idleMs: number, caller: AbortSignal): Watchdog {
  const own = new AbortController();
  const signal = AbortSignal.any([own.signal, caller]);
  let awaitedSince: number | undefined = clock.now();
  let timedOut = false;
  const watch = async () => {
    for (let silentMs = 0; silentMs < idleMs; ) {
      await clock.sleep(idleMs - silentMs, signal);
      silentMs = awaitedSince === undefined ? 0 : clock.now() - awaitedSince;
    }
    timedOut = true;
    own.abort();
  };
  // It rejects only with `aborted`, when the watch ends.
  watch().catch(() => {});
  return {
    idleMs,
    signal,
    get timedOut() {
      return timedOut;
    },
    awaiting: () => {
      awaitedSince = clock.now();
    },
    received: () => {
      awaitedSince = undefined;
    },
    end: () => own.abort(),
  };
}
