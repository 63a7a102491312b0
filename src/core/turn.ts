import { AgentError, toAgentError } from "../protocol/errors.ts";
import type { ModelAnswer, ModelCall } from "./answer.ts";
import { type Asking, ask } from "./ask.ts";
import { AnswerReader, type AnswerSink } from "./stream.ts";
import { type CallTurn, callTool } from "./tools/callTool.ts";
import { NOT_BEGUN, outputItem } from "./tools/outputItem.ts";
import type { ToolOutput } from "./tools/tool.ts";

/** Tools that only look: calls of these run side by side. Everything else runs alone, in the order of the calls. */
const PARALLEL = new Set(["read_file", "search_text", "list_files", "read_diagnostics", "view_image", "update_plan"]);

/** What the loop needs of its thread. */
export interface TurnRun extends Asking {
  readonly sink: AnswerSink;
  readonly calls: CallTurn;
  /** Brings before the model what waits for its next request, and makes room for it. */
  beforeRequest(): Promise<void>;
  /** The whole request body, as the context stands. */
  request(): string;
  /** Adds to the context what the model must see next; resolves when it is journalled. */
  append(inputs: readonly object[]): Promise<void>;
  /** Makes room when the server refuses a request as too long. */
  makeRoom(): Promise<void>;
  /** Told of each complete answer, which the context holds by then. */
  onUsage(usage: ModelAnswer["usage"]): void;
  /** Told when an answer and the calls that it made are over. */
  onStepEnd(): void;
  /** True when the user has said something that the model should see before the turn ends. */
  isSteered(): boolean;
  /** The answer without what an earlier one of this thread has said already. */
  newOf(answer: ModelAnswer): Pick<ModelAnswer, "inputs" | "calls">;
}

/** Asks the model and runs its calls until an answer has none. Rejects with AgentError; `aborted` when the user stopped it. */
export async function runTurn(run: TurnRun): Promise<void> {
  for (;;) {
    await run.beforeRequest();
    const calls = await runStep(run);
    if (run.signal.aborted) throw new AgentError("aborted", "The turn was stopped.");
    if (calls === 0 && !run.isSteered()) return;
  }
}

/** One answer and its calls; resolves with their number. */
async function runStep(run: TurnRun): Promise<number> {
  const answer = await askWithRoom(run);
  const { inputs, calls } = run.newOf(answer);
  try {
    await run.append(inputs);
    run.onUsage(answer.usage);
    if (calls.length > 0) await run.append(await runCalls(calls, run));
  } finally {
    run.onStepEnd();
  }
  return calls.length;
}

/** A request that the server refuses as too long is made once more, when there is room for it. */
async function askWithRoom(run: TurnRun): Promise<ModelAnswer> {
  try {
    return await askModel(run);
  } catch (error) {
    if (toAgentError(error).code !== "contextWindowExceeded") throw error;
    await run.makeRoom();
    return askModel(run);
  }
}

/** What is there of an answer that will never be whole is kept, for the surfaces and for the model. */
async function askModel(run: TurnRun): Promise<ModelAnswer> {
  const reader = new AnswerReader(run.sink);
  try {
    return await ask(run, run.request(), reader);
  } catch (error) {
    const texts = await reader.abandon();
    await run.append(texts.map((content) => ({ type: "message", role: "assistant", content })));
    throw error;
  }
}

/** Runs the calls of one answer; resolves with one output each, in call order. Their ends are told in that order, too. */
async function runCalls(calls: readonly ModelCall[], { calls: turn, signal }: TurnRun): Promise<object[]> {
  const running: Promise<ToolOutput>[] = [];
  for (const call of calls) {
    const alone = !PARALLEL.has(call.name);
    const earlier = Promise.all(running);
    if (alone) await earlier;
    const output = signal.aborted ? Promise.resolve(NOT_BEGUN) : callTool(call, turn, earlier);
    running.push(output);
    if (alone) await output;
  }
  const outputs = await Promise.all(running);
  return calls.map((call, index) => outputItem(call, outputs[index]!));
}
