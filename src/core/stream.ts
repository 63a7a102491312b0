import type { ResponseOutputItem, ResponseStreamEvent, ResponseUsage } from "openai/resources/responses/responses";
import type { ItemOf, ThreadItem } from "../protocol/items.ts";

/** A call that the model made: its input is JSON text for a function, free text for a custom tool. */
export interface ModelCall {
  readonly kind: "function" | "custom";
  readonly callId: string;
  readonly name: string;
  readonly input: string;
}

/** A complete answer of the model. */
export interface ModelAnswer {
  /** For the context: each to be serialised once and sent back as it is. */
  readonly inputs: readonly object[];
  readonly calls: readonly ModelCall[];
  readonly usage: ResponseUsage | undefined;
}

/** Where an answer goes while it streams. */
export interface AnswerSink {
  newId(): string;
  now(): number;
  started(item: ThreadItem): void;
  delta(notification: ItemDelta): void;
  part(itemId: string, summaryIndex: number): void;
  /** Resolves when the item is journalled. */
  completed(item: ThreadItem): Promise<void>;
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

type LiveType = "agentMessage" | "reasoning";

/** An item that surfaces show while the answer streams. It outlives a broken stream: the next attempt goes on in it. */
interface Slot {
  readonly type: LiveType;
  readonly itemId: string;
  readonly startedAtMs: number;
  /** What was sent of each part, over all attempts. */
  readonly sent: Map<string, string>;
  completed: boolean;
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
    const attempt = this.#attempt;
    switch (event.type) {
      case "response.output_item.added":
        this.#open(event.output_index, event.item);
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
        if (!attempt.done.has(event.output_index)) await this.#close(event.output_index, event.item);
        break;
      case "response.completed":
        attempt.usage = event.response.usage ?? undefined;
        break;
    }
  }

  /** The whole answer, after the terminal event. Items that only a broken attempt had begun are emptied. */
  async finish(): Promise<ModelAnswer> {
    const used = new Set(this.#attempt.slots.values());
    for (const slot of this.#slots) {
      if (!used.has(slot)) await this.#sink.completed(emptied(slot, this.#sink.now()));
    }
    const items = [...this.#attempt.done].sort(([one], [other]) => one - other).map(([, item]) => item);
    const calls = new Map<string, ModelCall>();
    const inputs: object[] = [];
    for (const item of items) {
      const call = callOf(item);
      if (call && calls.has(call.callId)) continue;
      if (call) calls.set(call.callId, call);
      const input = inputOf(item);
      if (input) inputs.push(input);
    }
    return { inputs, calls: [...calls.values()], usage: this.#attempt.usage };
  }

  /** Ends the unfinished items with the text they have, when the answer will never be whole; resolves with the texts of messages. */
  async abandon(): Promise<string[]> {
    const texts: string[] = [];
    for (const slot of this.#slots) {
      if (slot.completed) continue;
      const item = partial(slot, this.#sink.now());
      if (item.type === "agentMessage" && item.text !== "") texts.push(item.text);
      await this.#sink.completed(item);
    }
    return texts;
  }

  #open(index: number, item: ResponseOutputItem): void {
    const type = liveType(item);
    if (!type || this.#attempt.slots.has(index)) return;
    const known = this.#slots[this.#attempt.slots.size];
    const slot = known?.type === type ? known : this.#newSlot(type);
    slot.completed = false;
    this.#attempt.slots.set(index, slot);
  }

  #newSlot(type: LiveType): Slot {
    const { newId, now, started } = this.#sink;
    const slot: Slot = { type, itemId: newId(), startedAtMs: now(), sent: new Map(), completed: false };
    this.#slots.push(slot);
    started({ ...emptied(slot, null) });
    return slot;
  }

  #addPart(index: number, summaryIndex: number): void {
    const slot = this.#attempt.slots.get(index);
    const key = `summary ${summaryIndex}`;
    if (!slot || slot.sent.has(key)) return;
    slot.sent.set(key, "");
    this.#sink.part(slot.itemId, summaryIndex);
  }

  /** Sends what is new of a part. A repeated attempt that says something else is not sent piece by piece: its end replaces the text. */
  #grow(index: number, key: string, delta: string): void {
    const slot = this.#attempt.slots.get(index);
    if (!slot) return;
    const text = this.#attempt.grow(index, key, delta);
    const sent = slot.sent.get(key) ?? "";
    if (text.length <= sent.length || !text.startsWith(sent)) return;
    slot.sent.set(key, text);
    this.#sink.delta(deltaOf(slot.itemId, key, text.slice(sent.length)));
  }

  async #close(index: number, item: ResponseOutputItem): Promise<void> {
    this.#open(index, item);
    this.#attempt.done.set(index, item);
    const slot = this.#attempt.slots.get(index);
    if (!slot) return;
    slot.completed = true;
    const times = { startedAtMs: slot.startedAtMs, completedAtMs: this.#sink.now() };
    if (item.type === "message") {
      await this.#sink.completed({ type: "agentMessage", id: slot.itemId, text: messageText(item), ...times });
    } else if (item.type === "reasoning") {
      const summary = item.summary.map((part) => part.text);
      const content = item.content?.map((part) => part.text) ?? [];
      await this.#sink.completed({ type: "reasoning", id: slot.itemId, summary, content, ...times });
    }
  }
}

/** What one attempt has brought so far, by output index. */
class Attempt {
  readonly slots = new Map<number, Slot>();
  readonly done = new Map<number, ResponseOutputItem>();
  readonly #texts = new Map<string, string>();
  usage: ResponseUsage | undefined;

  grow(index: number, key: string, delta: string): string {
    const at = `${index} ${key}`;
    const text = (this.#texts.get(at) ?? "") + delta;
    this.#texts.set(at, text);
    return text;
  }
}

function liveType({ type }: ResponseOutputItem): LiveType | undefined {
  if (type === "message") return "agentMessage";
  return type === "reasoning" ? "reasoning" : undefined;
}

function messageText(item: Extract<ResponseOutputItem, { type: "message" }>): string {
  return item.content.map((part) => (part.type === "output_text" ? part.text : part.refusal)).join("");
}

function deltaOf(itemId: string, key: string, delta: string): ItemDelta {
  const [kind, index] = key.split(" ");
  if (kind === "summary")
    return { method: "item/reasoning/summaryTextDelta", itemId, delta, summaryIndex: Number(index) };
  if (kind === "content") return { method: "item/reasoning/textDelta", itemId, delta, contentIndex: Number(index) };
  return { method: "item/agentMessage/delta", itemId, delta };
}

function emptied(slot: Slot, completedAtMs: number | null): ItemOf<LiveType> {
  const times = { startedAtMs: slot.startedAtMs, completedAtMs };
  if (slot.type === "agentMessage") return { type: "agentMessage", id: slot.itemId, text: "", ...times };
  return { type: "reasoning", id: slot.itemId, summary: [], content: [], ...times };
}

function partial(slot: Slot, completedAtMs: number): ItemOf<LiveType> {
  const item = emptied(slot, completedAtMs);
  for (const [key, text] of slot.sent) {
    const [kind, index] = key.split(" ");
    if (item.type === "agentMessage") item.text = text;
    else if (kind === "summary") item.summary[Number(index)] = text;
    else item.content[Number(index)] = text;
  }
  return item;
}

function callOf(item: ResponseOutputItem): ModelCall | undefined {
  if (item.type === "function_call")
    return { kind: "function", callId: item.call_id, name: item.name, input: item.arguments };
  if (item.type === "custom_tool_call")
    return { kind: "custom", callId: item.call_id, name: item.name, input: item.input };
  return undefined;
}

/** An output item as it is sent back: the fields that the server takes, and undefined for one that it would refuse. */
function inputOf(item: ResponseOutputItem): object | undefined {
  switch (item.type) {
    case "reasoning": {
      const { type, id, summary, content, encrypted_content } = item;
      if (!encrypted_content) return undefined;
      return { type, id, summary, ...(content ? { content } : {}), encrypted_content };
    }
    case "message": {
      const { type, id, role, status, content, phase } = item;
      return { type, id, role, status, content, ...(phase ? { phase } : {}) };
    }
    case "function_call": {
      const { type, id, call_id, name, arguments: args } = item;
      return { type, ...(id ? { id } : {}), call_id, name, arguments: args };
    }
    case "custom_tool_call": {
      const { type, id, call_id, name, input } = item;
      return { type, ...(id ? { id } : {}), call_id, name, input };
    }
    default:
      return item;
  }
}
