import { toAgentError } from "../../protocol/errors.ts";
import type { Decliner, ThreadItem } from "../../protocol/items.ts";
import type { ModelCall } from "../answer.ts";
import type { Verdict } from "../approve.ts";
import { truncate } from "./boundedText.ts";
import type { Effect } from "./effect.ts";
import { ABORTED } from "./outputItem.ts";
import { type CallContext, contentOf, type PreparedCall, type Tool, type ToolOutput } from "./tool.ts";

/** What a call needs of its turn. */
export interface CallTurn {
  /** Throws `notFound`, in words for the model. */
  findTool(name: string): Tool;
  contextFor(itemId: string): CallContext;
  /** The id of the call's item, which may be shown already, while the call was being written. */
  itemIdFor(call: ModelCall): string;
  now(): number;
  started(item: ThreadItem): void;
  /** Resolves when the item is journalled. */
  completed(item: ThreadItem): Promise<void>;
  /** Journals a command that goes on in the background; its end is reported later. */
  leftRunning(item: ThreadItem): Promise<void>;
  /** Judges the effect and asks where needed. */
  approve(effect: Effect, itemId: string): Promise<Verdict>;
  /** The work's result; rejects with `aborted` when the turn is stopped and the work does not end by itself. */
  orGivenUp<T>(work: Promise<T>): Promise<T>;
  /** Ends the turn after this call, as the user asked. */
  cancel(): void;
  /** Told when an item cannot be kept: the call has its output all the same. */
  log(fault: unknown): void;
}

/**
 * Runs one call from parsing to output. Never rejects: whatever goes wrong becomes the output, so that every call has exactly one and the
 * turn goes on. The end of its item is told after `earlier`, so that items end in the order of their calls.
 */
export async function callTool(call: ModelCall, turn: CallTurn, earlier: Promise<unknown>): Promise<ToolOutput> {
  const itemId = turn.itemIdFor(call);
  const startedAtMs = turn.now();
  let prepared: PreparedCall;
  try {
    prepared = await turn.orGivenUp(prepare(call, turn, itemId));
  } catch (error) {
    const message = truncate(toAgentError(error).message);
    const item = failedItem(call, { itemId, message, startedAtMs, completedAtMs: turn.now() });
    turn.started({ ...item, completedAtMs: null });
    await earlier;
    await turn.completed(item).catch(turn.log);
    return message;
  }
  const item = prepared.item && { ...prepared.item, startedAtMs, completedAtMs: null };
  if (item) turn.started(item);
  const outcome = await settle(prepared, itemId, turn);
  const completedAtMs = turn.now();
  await earlier;
  const ended = outcome.item ?? (item && outcome.failed ? failed(item, outcome) : item);
  const keep = (one: ThreadItem) =>
    isRunning(one)
      ? turn.leftRunning({ ...one, startedAtMs, completedAtMs: null })
      : turn.completed({ ...one, startedAtMs, completedAtMs });
  if (ended) await keep(ended).catch(turn.log);
  return outcome.output;
}

interface Outcome {
  readonly output: ToolOutput;
  readonly item?: ThreadItem | undefined;
  readonly failed?: "declined" | "failed" | undefined;
  /** Of what was declined. */
  readonly by?: Decliner | undefined;
}

const NOT_ALLOWED: Outcome = {
  output: "Not run: the user stopped the turn instead of allowing it.",
  failed: "declined",
  by: { kind: "stop" },
};

async function settle(prepared: PreparedCall, itemId: string, turn: CallTurn): Promise<Outcome> {
  let asks = true;
  try {
    const verdict = await turn.approve(prepared.effect, itemId);
    asks = false;
    if (verdict.kind === "decline") return { output: verdict.message, failed: "declined", by: verdict.by };
    if (verdict.kind === "cancel") {
      turn.cancel();
      return NOT_ALLOWED;
    }
    return await turn.orGivenUp(prepared.run(verdict));
  } catch (error) {
    const { code, message } = toAgentError(error);
    if (code !== "aborted") return { output: truncate(message), failed: "failed" };
    return asks ? NOT_ALLOWED : { output: ABORTED, failed: "failed" };
  }
}

async function prepare(call: ModelCall, turn: CallTurn, itemId: string): Promise<PreparedCall> {
  return turn.findTool(call.name).prepare(call.input, turn.contextFor(itemId));
}

/** A command that goes on in the background: its item ends later. */
function isRunning(item: ThreadItem): boolean {
  return item.type === "commandExecution" && item.status === "inProgress";
}

function failed(item: ThreadItem, { output, failed: status = "failed", by }: Outcome): ThreadItem {
  const ending = { status, ...(by ? { declinedBy: by } : {}) };
  switch (item.type) {
    case "commandExecution":
      return { ...item, ...ending, aggregatedOutput: status === "failed" ? String(output) : null };
    case "fileChange":
      return { ...item, ...ending };
    case "dynamicToolCall":
      return { ...item, status: "failed", success: false, contentItems: contentOf(output) };
    default:
      return item;
  }
}

interface Failure {
  readonly itemId: string;
  readonly message: string;
  readonly startedAtMs: number;
  readonly completedAtMs: number;
}

/** How a call is shown that could not even be understood. */
function failedItem({ name, input }: ModelCall, { itemId, message, startedAtMs, completedAtMs }: Failure): ThreadItem {
  return {
    type: "dynamicToolCall",
    id: itemId,
    tool: name,
    arguments: { input },
    title: name,
    status: "failed",
    success: false,
    contentItems: contentOf(message),
    startedAtMs,
    completedAtMs,
  };
}
