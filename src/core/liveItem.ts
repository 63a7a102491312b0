import type { ResponseOutputItem } from "openai/resources/responses/responses";
import type { ItemOf } from "../protocol/items.ts";

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

/** An item that grows while the answer streams. */
export type LiveItem = ItemOf<"agentMessage"> | ItemOf<"reasoning">;

/** An item that surfaces show while the answer streams. It outlives a broken stream: the next attempt goes on in it. */
export interface Slot {
  readonly type: LiveItem["type"];
  readonly itemId: string;
  readonly startedAtMs: number;
  /** What was sent of each part, over all attempts. */
  readonly sent: Map<string, string>;
  /** The item as it ended last, in this attempt or an earlier one; undefined while it streams for the first time. */
  ended: LiveItem | undefined;
}

/** Undefined for an item that surfaces do not show while it streams. */
export function liveType({ type }: ResponseOutputItem): LiveItem["type"] | undefined {
  if (type === "message") return "agentMessage";
  return type === "reasoning" ? "reasoning" : undefined;
}

/** More text of a part, named as in `Slot.sent`. */
export function deltaOf(itemId: string, key: string, delta: string): ItemDelta {
  const [kind, index] = key.split(" ");
  if (kind === "summary")
    return { method: "item/reasoning/summaryTextDelta", itemId, delta, summaryIndex: Number(index) };
  if (kind === "content") return { method: "item/reasoning/textDelta", itemId, delta, contentIndex: Number(index) };
  return { method: "item/agentMessage/delta", itemId, delta };
}

/** The item without text. */
export function emptied({ type, itemId, startedAtMs }: Slot, completedAtMs: number | null): LiveItem {
  const times = { startedAtMs, completedAtMs };
  if (type === "agentMessage") return { type, id: itemId, text: "", ...times };
  return { type, id: itemId, summary: [], content: [], ...times };
}

/** The item as the server says it is. */
export function whole(slot: Slot, item: ResponseOutputItem, completedAtMs: number): LiveItem {
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
export function isSame(one: LiveItem, other: LiveItem): boolean {
  const content = (item: LiveItem) => JSON.stringify({ ...item, completedAtMs: null });
  return content(one) === content(other);
}

/** The item with what was sent of it. */
export function partial(slot: Slot, completedAtMs: number): LiveItem {
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
