import { AgentError } from "../../protocol/errors.ts";
import type { Clock } from "../clock.ts";

/** How long a call may take to end by itself once its turn is stopped: longer than ending its processes takes. In milliseconds. */
const STOP_MS = 3000;

/**
 * The work's result. Rejects with `aborted` when the signal is and the work does not end soon after, such as a read of a network drive that
 * is gone: a turn that is stopped ends, whatever its calls do. What comes of the work later is dropped.
 */
export async function orGivenUp<T>(work: Promise<T>, signal: AbortSignal, clock: Clock): Promise<T> {
  const waiting = new AbortController();
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const onStop = () => {
    const tooLong = () => reject(new AgentError("aborted", "It was stopped, and did not end by itself."));
    clock.sleep(STOP_MS, waiting.signal).then(tooLong, () => {});
  };
  if (signal.aborted) onStop();
  else signal.addEventListener("abort", onStop);
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    signal.removeEventListener("abort", onStop);
    waiting.abort();
  }
}
