import type { ResponseOutputItem, ResponseUsage } from "openai/resources/responses/responses";
import type { Slot } from "./liveItem.ts";

/** What one attempt has brought so far, by output index. */
export class AnswerAttempt {
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
