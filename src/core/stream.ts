import type { ResponseOutputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { ThreadItem } from "../protocol/items.ts";
import { answerOf, type ModelAnswer } from "./answer.ts";
import { AnswerAttempt } from "./answerAttempt.ts";
import {
  deltaOf,
  emptied,
  type ItemDelta,
  isSame,
  type LiveItem,
  liveType,
  partial,
  type Slot,
  whole,
} from "./liveItem.ts";

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

/**
 * Makes one answer's events into items and deltas. A broken stream is tried again with `nextAttempt`: items then keep their ids and their
 * text goes on where it stopped, so that surfaces show each item once.
 */
export class AnswerReader {
  readonly #sink: AnswerSink;
  readonly #slots: Slot[] = [];
  #attempt = new AnswerAttempt();

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  nextAttempt(): void {
    this.#attempt = new AnswerAttempt();
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
