import type { ResponseOutputItem, ResponseStreamEvent, ResponseUsage } from "openai/resources/responses/responses";
import type { ItemOf, ThreadItem } from "../protocol/items.ts";
import { answerOf, type ModelAnswer } from "./answer.ts";

/** Where an answer goes while it streams. */
export interface AnswerSink {
  newId(): string;
  now(): number;
  started(item: ThreadItem): void;
  delta(notification: ItemDelta): void;
  part(itemId: string, summaryIndex: number): void;
  /** Resolves when the item is journalled. */
  completed(item: ThreadItem): Promise<void>;
  /** Told of each event before it is read, for what is shown of calls while they are written. */
  preview?(event: ResponseStreamEvent): void;
}

/** A piece of an item's text; the sink knows the thread and the turn. */
export type ItemDelta =
  | { readonly method: "item/agentMessage/delta"; readonly itemId: string; readonly delta: string }
  | {
      readonly method: "item/reasoning/summaryTextDelta";
      readonly itemId: string;
      readonly delta: string;
      readonly summaryIndex: number;
    }
  | {
      readonly method: "item/reasoning/textDelta";
      readonly itemId: string;
      readonly delta: string;
      readonly contentIndex: number;
    };

type LiveItem = ItemOf<"agentMessage"> | ItemOf<"reasoning">;

/** An item that surfaces show while the answer streams. It outlives a broken stream: the next attempt goes on in it. */
interface Slot {
  readonly type: LiveItem["type"];
  readonly itemId: string;
  readonly startedAtMs: number;
  /** What was sent of each part, over all attempts. */
  readonly sent: Map<string, string>;
  /** The item as it ended last, in this attempt or an earlier one; undefined while it streams for the first time. */
  ended: LiveItem | undefined;
}

/**
 * Makes one answer's events into items and deltas. A broken stream is tried again with `nextAttempt`: items then keep their ids and their
 * text goes on where it stopped, so that surfaces show each item once.
 */
export class AnswerReader {
  readonly #sink: AnswerSink;
  readonly #slots: Slot[] = [];
  #attempt = new Attempt();

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  nextAttempt(): void {
    this.#attempt = new Attempt();
  }

  async read(event: ResponseStreamEvent): Promise<void> {
    this.#sink.preview?.(event);
    switch (event.type) {
      case "response.output_item.added":
        if (this.#attempt.isNew(event.output_index, event.item)) this.#open(event.output_index, event.item);
        break;
      case "response.output_text.delta":
      case "response.refusal.delta":
        this.#grow(event.output_index, "text", event.delta);
        break;
      case "response.reasoning_summary_part.added":
        this.#addPart(event.output_index, event.summary_index);
        break;
      case "response.reasoning_summary_text.delta":
        this.#grow(event.output_index, `summary ${event.summary_index}`, event.delta);
        break;
      case "response.reasoning_text.delta":
        this.#grow(event.output_index, `content ${event.content_index}`, event.delta);
        break;
      case "response.output_item.done":
        await this.#close(event.output_index, event.item);
        break;
      case "response.completed":
        this.#attempt.usage = event.response.usage ?? undefined;
        break;
    }
  }

  /** The whole answer, after the terminal event. Items that only a broken attempt had begun are emptied. */
  async finish(): Promise<ModelAnswer> {
    const { slots, items, usage } = this.#attempt;
    const used = new Set(slots.values());
    for (const slot of this.#slots) if (!used.has(slot)) await this.#sink.completed(emptied(slot, this.#sink.now()));
    return answerOf(items, usage);
  }

  /** Ends the unfinished items with the text they have, when the answer will never be whole; resolves with the texts of messages. */
  async abandon(): Promise<string[]> {
    const texts: string[] = [];
    for (const slot of this.#slots) {
      const item = slot.ended ?? partial(slot, this.#sink.now());
      if (!slot.ended) await this.#sink.completed(item);
      if (item.type === "agentMessage" && item.text !== "") texts.push(item.text);
    }
    return texts;
  }

  #open(index: number, item: ResponseOutputItem): void {
    const { slots } = this.#attempt;
    const type = liveType(item);
    if (!type || slots.has(index)) return;
    const taken = new Set(slots.values());
    const slot = this.#slots.find((known) => known.type === type && !taken.has(known)) ?? this.#newSlot(type);
    slots.set(index, slot);
  }

  #newSlot(type: LiveItem["type"]): Slot {
    const { newId, now, started } = this.#sink;
    const slot: Slot = {
      type,
      itemId: newId(),
      startedAtMs: now(),
      sent: new Map(),
      ended: undefined,
    };
    this.#slots.push(slot);
    started(emptied(slot, null));
    return slot;
  }

  #addPart(index: number, summaryIndex: number): void {
    const slot = this.#attempt.slots.get(index);
    const key = `summary ${summaryIndex}`;
    if (!slot || slot.ended || slot.sent.has(key)) return;
    slot.sent.set(key, "");
    this.#sink.part(slot.itemId, summaryIndex);
  }

  /**
   * Sends what is new of a part. A repeated attempt that says something else is not sent piece by piece, nor is one of an item that has
   * ended: its end replaces the text.
   */
  #grow(index: number, key: string, delta: string): void {
    const slot = this.#attempt.slots.get(index);
    if (!slot || slot.ended) return;
    const { before, text } = this.#attempt.grow(index, key, delta);
    const sent = slot.sent.get(key) ?? "";
    // Where this attempt sent all of it, the two are one string: comparing them costs nothing, however long the text has become.
    const goesOn = before === sent ? delta !== "" : text.length > sent.length && text.startsWith(sent);
    if (!goesOn) return;
    slot.sent.set(key, text);
    this.#sink.delta(deltaOf(slot.itemId, key, before === sent ? delta : text.slice(sent.length)));
  }

  async #close(index: number, item: ResponseOutputItem): Promise<void> {
    if (this.#attempt.done.has(index) || this.#attempt.repeats(item)) return;
    this.#attempt.isNew(index, item);
    this.#open(index, item);
    this.#attempt.done.set(index, item);
    const slot = this.#attempt.slots.get(index);
    if (!slot) return;
    const ended = whole(slot, item, this.#sink.now());
    // It may have ended the same in an earlier attempt.
    if (slot.ended && isSame(slot.ended, ended)) return;
    slot.ended = ended;
    await this.#sink.completed(ended);
  }
}

/** What one attempt has brought so far, by output index. */
class Attempt {
  readonly slots = new Map<number, Slot>();
  readonly done = new Map<number, ResponseOutputItem>();
  readonly #indexes = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  usage: ResponseUsage | undefined;

  /** The items that are whole, in their order. */
  get items(): ResponseOutputItem[] {
    return [...this.done].sort(([one], [other]) => one - other).map(([, item]) => item);
  }

  /** False for an item whose id came already at another place: its end will show whether it is the same again. */
  isNew(index: number, { id }: ResponseOutputItem): boolean {
    if (!id) return true;
    const known = this.#indexes.get(id) ?? index;
    this.#indexes.set(id, known);
    return known === index;
  }

  /** True for an item that came already, whole. Some servers give different items one id. */
  repeats(item: ResponseOutputItem): boolean {
    const same = this.items.filter(({ id }) => id !== undefined && id === item.id);
    return same.some((known) => JSON.stringify(known) === JSON.stringify(item));
  }

  /** What there was of a part, and what there is with more of it. */
  grow(index: number, key: string, delta: string): { readonly before: string; readonly text: string } {
    const at = `${index} ${key}`;
    const before = this.#texts.get(at) ?? "";
    const text = before + delta;
    this.#texts.set(at, text);
    return { before, text };
  }
}

function liveType({ type }: ResponseOutputItem): LiveItem["type"] | undefined {
  if (type === "message") return "agentMessage";
  return type === "reasoning" ? "reasoning" : undefined;
}

function deltaOf(itemId: string, key: string, delta: string): ItemDelta {
  const [kind, index] = key.split(" ");
  if (kind === "summary")
    return { method: "item/reasoning/summaryTextDelta", itemId, delta, summaryIndex: Number(index) };
  if (kind === "content") return { method: "item/reasoning/textDelta", itemId, delta, contentIndex: Number(index) };
  return { method: "item/agentMessage/delta", itemId, delta };
}

function emptied({ type, itemId, startedAtMs }: Slot, completedAtMs: number | null): LiveItem {
  const times = { startedAtMs, completedAtMs };
  if (type === "agentMessage") return { type, id: itemId, text: "", ...times };
  return { type, id: itemId, summary: [], content: [], ...times };
}

/** The item as the server says it is. */
function whole(slot: Slot, item: ResponseOutputItem, completedAtMs: number): LiveItem {
  const ended = emptied(slot, completedAtMs);
  if (item.type === "message" && ended.type === "agentMessage") {
    ended.text = item.content.map((part) => (part.type === "output_text" ? part.text : part.refusal)).join("");
  } else if (item.type === "reasoning" && ended.type === "reasoning") {
    ended.summary = item.summary.map((part) => part.text);
    ended.content = item.content?.map((part) => part.text) ?? [];
  }
  return ended;
}

/** True when only their times may differ. */
function isSame(one: LiveItem, other: LiveItem): boolean {
  const content = (item: LiveItem) => JSON.stringify({ ...item, completedAtMs: null });
  return content(one) === content(other);
}

/** The item with what was sent of it. */
function partial(slot: Slot, completedAtMs: number): LiveItem {
  const item = emptied(slot, completedAtMs);
  for (const [key, text] of slot.sent) {
    const [kind, index] = key.split(" ");
    if (item.type === "agentMessage") item.text = text;
    else putAt(kind === "summary" ? item.summary : item.content, Number(index), text);
  }
  return item;
}

function putAt(parts: string[], index: number, text: string): void {
  while (parts.length < index) parts.push("");
  parts[index] = text;
}
