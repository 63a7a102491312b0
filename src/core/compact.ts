import type { ResponseUsage } from "openai/resources/responses/responses";
import { toAgentError } from "../protocol/errors.ts";
import type { ItemOf } from "../protocol/items.ts";
import type { ModelAnswer } from "./answer.ts";
import { type Asking, ask } from "./ask.ts";
import { traitsOf } from "./model/models.ts";
import {
  compactionTrigger,
  missingSummary,
  summaryItem,
  summaryReminder,
  summaryRequest,
} from "./prompt/compaction.ts";
import type { TurnStart } from "./prompt/readWorld.ts";
import type { ThreadContext } from "./prompt/threadContext.ts";
import type { LoggedInput } from "./store/inputs.ts";
import { AnswerReader, type AnswerSink } from "./stream.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import { outputItem } from "./tools/outputItem.ts";

export type CompactionReason = NonNullable<ItemOf<"contextCompaction">["reason"]>;

/** The thread whose context is condensed. */
export interface CompactedThread {
  readonly id: string;
  readonly record: ThreadRecord;
  readonly context: ThreadContext;
  /** True once the server has refused to condense a context by itself. */
  condensesHere: boolean;
}

export interface CompactionPlace extends Asking {
  readonly turnId: string;
  readonly reason: CompactionReason;
  /** What the context is made anew with. */
  readonly start: TurnStart;
  newId(): string;
  /** Told of what an answer cost that is not part of the thread. */
  onUsage(usage: ResponseUsage | undefined): void;
}

/** From this one on, a new thread serves the user better. */
const MANY = 2;

/**
 * Replaces a thread's context by a shorter one, and shows it as an item. The model sees the old context once more, with the same tools and the
 * same beginning, and gives an account of it. Rejects, with the context as it was, when the model cannot be asked.
 */
export async function compact(thread: CompactedThread, place: CompactionPlace): Promise<void> {
  const { context, record } = thread;
  const { turnId, reason, clock } = place;
  const item: ItemOf<"contextCompaction"> = {
    type: "contextCompaction",
    id: place.newId(),
    reason,
    tokensBefore: context.tokens,
    startedAtMs: clock.now(),
    completedAtMs: null,
  };
  record.started(turnId, item);
  await context.condense(place.start, await accountOf(thread, place));
  await record.completed(turnId, { ...item, tokensAfter: context.tokens, completedAtMs: clock.now() });
  const count = record.view.turns
    .flatMap(({ items }) => items)
    .filter((one) => one.type === "contextCompaction" && one.tokensAfter !== undefined).length;
  if (count < MANY) return;
  const message = `This thread has been condensed ${count} times, and each time details are lost. For a new task, start a new thread.`;
  record.notify({ method: "warning", params: { threadId: thread.id, message, remedy: "newThread" } });
}

/**
 * What stands for the old context in the new one: the server's own condensed form where it offers that and the same model goes on, else the
 * model's account in words.
 */
async function accountOf(thread: CompactedThread, place: CompactionPlace): Promise<LoggedInput[]> {
  const { model } = place.start;
  const isReadable = thread.context.model === model;
  if (isReadable && traitsOf(model).remoteCompaction && !thread.condensesHere) {
    const item = await askServer(thread, place);
    if (item) return [{ item, layer: "summary" }];
  }
  return [await askForSummary(thread, place)];
}

/** Undefined when the server does not do it. */
async function askServer(thread: CompactedThread, place: CompactionPlace): Promise<object | undefined> {
  try {
    const answer = await askAside(thread.context.requestWith([compactionTrigger]), place);
    const item = answer.inputs.find((input) => (input as { type?: string }).type === "compaction");
    thread.condensesHere = item === undefined;
    return item;
  } catch (error) {
    const { code } = toAgentError(error);
    if (code !== "badRequest" && code !== "contextWindowExceeded") throw error;
    thread.condensesHere = code === "badRequest";
    return undefined;
  }
}

/** Which share of the oldest items is left out of the request, as long as the server refuses it as too long. */
const LEFT_OUT = [0, 0.25, 0.5, 0.75, 0.875];

async function askForSummary({ context }: CompactedThread, place: CompactionPlace): Promise<LoggedInput> {
  // The request that was refused as too long would be refused again.
  for (const share of LEFT_OUT.slice(place.reason === "overflow" ? 1 : 0)) {
    try {
      return await summaryOf((items) => bodyWith(context, share, items), place);
    } catch (error) {
      if (toAgentError(error).code !== "contextWindowExceeded") throw error;
    }
  }
  return missingSummary;
}

async function bodyWith(context: ThreadContext, share: number, items: readonly object[]): Promise<string> {
  return share === 0 ? context.requestWith(items) : context.shortenedRequest(share, items);
}

/** A model that calls tools instead is told once that it cannot. */
async function summaryOf(
  bodyOf: (items: readonly object[]) => Promise<string>,
  place: CompactionPlace,
): Promise<LoggedInput> {
  const first = await askAside(await bodyOf([summaryRequest]), place);
  if (textOf(first)) return summaryItem(textOf(first));
  const refused = [
    ...first.inputs,
    ...first.calls.map((call) => outputItem(call, "Not run: no tools can be called now.")),
  ];
  const second = await askAside(await bodyOf([summaryRequest, ...refused, summaryReminder]), place);
  return textOf(second) ? summaryItem(textOf(second)) : missingSummary;
}

/** An answer that no surface shows. */
async function askAside(body: string, place: CompactionPlace): Promise<ModelAnswer> {
  const sink: AnswerSink = {
    newId: () => place.newId(),
    now: () => place.clock.now(),
    started() {},
    delta() {},
    part() {},
    async completed() {},
  };
  const answer = await ask(place, body, new AnswerReader(sink));
  place.onUsage(answer.usage);
  return answer;
}

function textOf({ inputs }: ModelAnswer): string {
  const messages = inputs as readonly { type?: string; content?: readonly { type: string; text?: string }[] }[];
  return messages
    .flatMap(({ type, content }) => (type === "message" ? (content ?? []) : []))
    .map(({ type, text }) => (type === "output_text" ? (text ?? "") : ""))
    .join("")
    .trim();
}
