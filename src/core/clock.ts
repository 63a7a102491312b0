/** Time, handed in so that tests have none of their own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with `aborted` as soon as the signal is. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
