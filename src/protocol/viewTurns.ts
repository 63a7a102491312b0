import type { ItemOf, ItemType, ThreadItem } from "./items.ts";
import type { Turn } from "./threads.ts";
import { previewOf, type ThreadView, type Touched } from "./threadView.ts";

const nothing: Touched = { kind: "nothing" };

export function startTurn(view: ThreadView, turn: Turn): Touched {
  if (!view.turns.some((known) => known.id === turn.id)) view.turns.push({ ...turn, items: [...turn.items] });
  return { kind: "list", turnId: turn.id };
}

export function addTurns(view: ThreadView, turns: readonly Turn[]): Touched {
  view.turns = [...view.turns, ...turns.filter(({ id }) => !view.turns.some((known) => known.id === id))];
  const message = view.turns.flatMap((turn) => turn.items).find((item) => item.type === "userMessage");
  if (message) view.thread.preview = previewOf(message);
  return { kind: "turns" };
}

export function revertTurns(view: ThreadView, beforeTurnId: string | undefined): Touched {
  const at = view.turns.findIndex((turn) => turn.id === beforeTurnId);
  if (at < 0) return nothing;
  view.turns = view.turns.slice(0, at);
  if (at === 0) {
    view.thread.preview = "";
    view.usage = undefined;
  }
  return { kind: "turns" };
}

/** The turn's end carries no more than a summary of its items: those that the view has stay. */
export function completeTurn(view: ThreadView, ended: Turn): Touched {
  view.retry = undefined;
  return onTurn(view, ended.id, (turn) => {
    const { items: _items, itemsView: _view, ...rest } = ended;
    Object.assign(turn, rest);
  });
}

export function putItem(view: ThreadView, turnId: string, item: ThreadItem): Touched {
  const turn = findTurn(view, turnId);
  if (!turn) return nothing;
  view.retry = undefined;
  view.thread.preview ||= previewOf(item);
  const at = turn.items.findLastIndex((known) => known.id === item.id);
  if (at < 0) {
    turn.items.push(item);
    return { kind: "list", turnId };
  }
  turn.items[at] = item;
  return { kind: "item", turnId, itemId: item.id };
}

export function dropItem(view: ThreadView, turnId: string, { id }: ThreadItem): Touched {
  const turn = findTurn(view, turnId);
  if (!turn) return nothing;
  turn.items = turn.items.filter((item) => item.id !== id);
  return { kind: "list", turnId };
}

/** Touches nothing when the view has no such turn. */
export function onTurn(view: ThreadView, turnId: string, change: (turn: Turn) => void): Touched {
  const turn = findTurn(view, turnId);
  if (!turn) return nothing;
  change(turn);
  return { kind: "turn", turnId };
}

/** Touches nothing when the view has no such item of that type. */
export function onItem<T extends ItemType>(
  view: ThreadView,
  at: { turnId: string; itemId: string },
  type: T,
  change: (item: ItemOf<T>) => void,
): Touched {
  const item = findTurn(view, at.turnId)?.items.findLast((known) => known.id === at.itemId);
  if (item?.type !== type) return nothing;
  view.retry = undefined;
  change(item as ItemOf<T>);
  return { kind: "item", turnId: at.turnId, itemId: at.itemId };
}

/** Deltas come for the newest turn: found at once from the end. */
function findTurn(view: ThreadView, turnId: string): Turn | undefined {
  return view.turns.findLast((turn) => turn.id === turnId);
}

export function appendAt(parts: string[], index: number, text: string): void {
  while (parts.length <= index) parts.push("");
  parts[index] += text;
}
