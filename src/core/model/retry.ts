import type { AgentError, ErrorCode } from "../../protocol/errors.ts";

/** Waits longer than this are left to the user; the error says how long. */
const MAX_WAIT_MS = 60_000;
const MIN_DELAY_MS = 100;
/** Before the first attempt, of which up to half is left out. */
const FIRST_DELAY_MS = 2 * MIN_DELAY_MS;
const MAX_DELAY_MS = 30_000;
const RETRIED: readonly ErrorCode[] = ["connectionFailed", "serverFailed", "rateLimited", "timeout"];

/** The further attempts that one turn has, over all its requests to the model. */
export interface RetryBudget {
  /** Takes one attempt; undefined when the error is final or no attempt is left. */
  take(error: AgentError): Retry | undefined;
}

export interface Retry {
  /** Counting from 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly delayMs: number;
}

export interface RetryOptions {
  /** Beyond the first request. */
  readonly maxAttempts: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

export function createRetryBudget({ maxAttempts, random }: RetryOptions): RetryBudget {
  let taken = 0;
  return {
    take(error) {
      const delayMs = delayBefore(taken + 1, error, random());
      if (delayMs === undefined || taken >= maxAttempts) return undefined;
      taken++;
      return { attempt: taken, maxAttempts, delayMs };
    },
  };
}

/**
 * Milliseconds to wait before this attempt (counting from 1), with `random` from 0 up to 1; undefined when the error is final.
 * What the server asks for is kept, with a fifth more at most; otherwise the wait doubles with each attempt, and up to half of it is left out.
 */
export function delayBefore(attempt: number, error: AgentError, random: number): number | undefined {
  if (!RETRIED.includes(error.code)) return undefined;
  const { retryAfterMs } = error;
  if (retryAfterMs === undefined) {
    return Math.round(Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS) * (0.5 + random / 2));
  }
  if (retryAfterMs > MAX_WAIT_MS) return undefined;
  return Math.max(MIN_DELAY_MS, Math.round(retryAfterMs * (1 + random / 5)));
}
