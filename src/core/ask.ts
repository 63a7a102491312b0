import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { type AgentError, toAgentError } from "../protocol/errors.ts";
import type { ModelAnswer } from "./answer.ts";
import type { Clock } from "./clock.ts";
import type { ModelClient } from "./model/client.ts";
import type { Retry, RetryBudget } from "./model/retry.ts";
import type { AnswerReader } from "./stream.ts";

/** What asking the model takes, within one turn. */
export interface Asking {
  readonly model: ModelClient;
  /** Of the turn, over all its requests. */
  readonly budget: RetryBudget;
  readonly clock: Clock;
  /** Aborted when the user stops the turn. */
  readonly signal: AbortSignal;
  /** Told before the wait for each further attempt. */
  onRetry(error: AgentError, retry: Retry): void;
}

/** One answer to a request body, over as many attempts as the budget has. Rejects with the error of the last one; the reader has what came of it. */
export async function ask(asking: Asking, body: string, reader: AnswerReader): Promise<ModelAnswer> {
  for (;;) {
    try {
      await readAll(asking.model.stream(body, asking.signal), reader);
      return await reader.finish();
    } catch (error) {
      await waitForRetry(toAgentError(error), asking);
      reader.nextAttempt();
    }
  }
}

/** Rejects with the error itself when it is final. */
async function waitForRetry(error: AgentError, { budget, clock, signal, onRetry }: Asking): Promise<void> {
  const retry = signal.aborted ? undefined : budget.take(error);
  if (!retry) throw error;
  onRetry(error, retry);
  await clock.sleep(retry.delayMs, signal);
}

async function readAll(events: AsyncIterable<ResponseStreamEvent>, reader: AnswerReader): Promise<void> {
  for await (const event of events) await reader.read(event);
}
