import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { AgentError, toAgentError } from "../protocol/errors.ts";
import type { ModelAnswer, ModelCall } from "./answer.ts";
import type { Clock } from "./clock.ts";
import type { ModelClient } from "./model/client.ts";
import type { Retry, RetryBudget } from "./model/retry.ts";
import { AnswerReader, type AnswerSink } from "./stream.ts";
import { type CallTurn, callTool } from "./tools/callTool.ts";
import { ABORTED, outputItem } from "./tools/outputItem.ts";
import type { ToolOutput } from "./tools/tool.ts";

/** Tools that only look: calls of these run side by side. Everything else runs alone, in the order of the calls. */
const PARALLEL = new Set(["read_file", "search_text", "list_files", "read_diagnostics", "view_image", "update_plan"]);

/** What the loop needs of its thread. */
export interface TurnRun {
  readonly model: ModelClient;
  readonly sink: AnswerSink;
  readonly calls: CallTurn;
  readonly budget: RetryBudget;
  readonly clock: Clock;
  /** Aborted when the user stops the turn. */
  readonly signal: AbortSignal;
  /** The whole request body, as the context stands. */
  request(): string;
  /** Adds to the context what the model must see next; resolves when it is journalled. */
  append(inputs: readonly object[]): Promise<void>;
  /** Adds what changed in the world since the last request, as far as it is known without waiting for a disk. */
  tellChanges(): Promise<void>;
  /** Told before the wait for each further attempt. */
  onRetry(error: AgentError, retry: Retry): void;
  /** Told of each complete answer. */
  onUsage(usage: ModelAnswer["usage"]): void;
  /** True for a call that an earlier answer of this thread has made already. */
  isRepeated(callId: string): boolean;
}

/** Asks the model and runs its calls until an answer has none. Rejects with AgentError; `aborted` when the user stopped it. */
export async function runTurn(run: TurnRun): Promise<void> {
  for (;;) {
    const answer = await askModel(run);
    run.onUsage(answer.usage);
    const calls = answer.calls.filter((call) => !run.isRepeated(call.callId));
    await run.append(withoutRepeats(answer.inputs, calls));
    if (calls.length === 0) return;
    await run.append(await runCalls(calls, run));
    if (run.signal.aborted) throw new AgentError("aborted", "The turn was stopped.");
    await run.tellChanges();
  }
}

/** What the server takes back: a repeated call is left out, and so is reasoning that then stands before nothing, which it would refuse. */
function withoutRepeats(inputs: readonly object[], calls: readonly ModelCall[]): object[] {
  const isCall = (input: object): input is { call_id: string } => "call_id" in input;
  const kept = inputs.filter((input) => !isCall(input) || calls.some((call) => call.callId === input.call_id));
  while ((kept.at(-1) as { type?: string } | undefined)?.type === "reasoning") kept.pop();
  return kept;
}

/** One answer, over as many attempts as the budget has. */
async function askModel(run: TurnRun): Promise<ModelAnswer> {
  const { model, signal } = run;
  const reader = new AnswerReader(run.sink);
  const body = run.request();
  try {
    for (;;) {
      try {
        await readAll(model.stream(body, signal), reader);
        return await reader.finish();
      } catch (error) {
        await waitForRetry(toAgentError(error), run);
        reader.nextAttempt();
      }
    }
  } catch (error) {
    const texts = await reader.abandon();
    await run.append(texts.map((content) => ({ type: "message", role: "assistant", content })));
    throw error;
  }
}

/** Rejects with the error itself when it is final. */
async function waitForRetry(error: AgentError, { budget, clock, signal, onRetry }: TurnRun): Promise<void> {
  const retry = signal.aborted ? undefined : budget.take(error);
  if (!retry) throw error;
  onRetry(error, retry);
  await clock.sleep(retry.delayMs, signal);
}

async function readAll(events: AsyncIterable<ResponseStreamEvent>, reader: AnswerReader): Promise<void> {
  for await (const event of events) await reader.read(event);
}

/** Runs the calls of one answer; resolves with one output each, in call order. Their ends are told in that order, too. */
async function runCalls(calls: readonly ModelCall[], { calls: turn, signal }: TurnRun): Promise<object[]> {
  const running: Promise<ToolOutput>[] = [];
  for (const call of calls) {
    const alone = !PARALLEL.has(call.name);
    const earlier = Promise.all(running);
    if (alone) await earlier;
    const output = signal.aborted ? Promise.resolve(ABORTED) : callTool(call, turn, earlier);
    running.push(output);
    if (alone) await output;
  }
  const outputs = await Promise.all(running);
  return calls.map((call, index) => outputItem(call, outputs[index]!));
}
