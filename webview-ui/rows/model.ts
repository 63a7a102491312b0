import type { ItemOf, ThreadItem } from "../../src/protocol/items.ts";
import type { ReviewedFile } from "../../src/protocol/review.ts";
import type { Turn, TurnPlan } from "../../src/protocol/threads.ts";
import type { PendingApproval } from "../../src/protocol/threadView.ts";
import { type CommandState, commandState, type EditState, editState, movedOn } from "./states.ts";

/** Looking around: what reads and changes nothing. */
export type ExplorationItem = ItemOf<"dynamicToolCall"> | ItemOf<"imageView">;

interface UserMessageModel {
  kind: "userMessage";
  id: string;
  item: ItemOf<"userMessage">;
  turnId: string;
  /** Set when its turn, or the thread itself, began with it. */
  opens: "thread" | "turn" | undefined;
  /** True once its turn has ended. */
  ended: boolean;
}

interface FileChangeModel {
  kind: "fileChange";
  id: string;
  item: ItemOf<"fileChange">;
  state: EditState;
  newest: boolean;
  /** The files with changes of this edit that are under review. */
  reviewed: readonly ReviewedFile[];
}

/** One row of the thread. It stands for an item, for several merged ones, or for a plan; what it needs to know of its neighbours is in it. */
export type RowModel =
  | UserMessageModel
  | { kind: "reasoning"; id: string; item: ItemOf<"reasoning">; live: boolean }
  | { kind: "exploration"; id: string; items: ExplorationItem[]; live: boolean }
  | { kind: "tool"; id: string; item: ItemOf<"dynamicToolCall">; live: boolean }
  | { kind: "command"; id: string; item: ItemOf<"commandExecution">; state: CommandState; movedOn: boolean }
  | FileChangeModel
  | { kind: "agentMessage"; id: string; item: ItemOf<"agentMessage">; live: boolean }
  | { kind: "compaction"; id: string; item: ItemOf<"contextCompaction">; live: boolean }
  | { kind: "plan"; id: string; plan: TurnPlan; live: boolean }
  | { kind: "approval"; id: string; approval: PendingApproval; item: ThreadItem | undefined };

export type RowKind = RowModel["kind"];
export type RowOf<K extends RowKind> = Extract<RowModel, { kind: K }>;

/** What the rows of a turn depend on beside the turn. */
export interface Surroundings {
  approvals: readonly PendingApproval[];
  /** The file-change item that stays open: the newest of the thread. */
  newestEditId: string | undefined;
  /** The files under review. */
  changes?: readonly ReviewedFile[] | undefined;
  /** True for the first turn of the thread. */
  isFirst?: boolean | undefined;
}

const explorers = new Set([
  "read_file",
  "search_text",
  "list_files",
  "read_diagnostics",
  "find_symbol",
  "find_references",
]);

/** The rows of a turn from the top: neighbouring exploration merged, the plan where it first appeared, the asked item as its question. */
export function rowsOf(turn: Turn, around: Surroundings): RowModel[] {
  const rows: RowModel[] = [];
  const running = turn.status === "inProgress";
  const plan = turn.plan;
  if (plan && plan.afterItemId === null) rows.push(planRow(turn, plan));
  for (const item of turn.items) {
    const last = rows.at(-1);
    if (isExploration(item) && last?.kind === "exploration") {
      last.items.push(item);
      last.live ||= running && isOpen(item);
    } else {
      const row = rowOf(turn, item, around);
      if (row) rows.push(row);
    }
    if (plan && plan.afterItemId === item.id) rows.push(planRow(turn, plan));
  }
  return rows.concat(orphans(turn, around.approvals));
}

/** Equal in everything that a row shows, apart from what is changed in place inside an item. */
export function sameRow(a: RowModel | undefined, b: RowModel | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.kind !== b.kind) return false;
  return Object.entries(a).every(([key, value]) => {
    const other = (b as unknown as Record<string, unknown>)[key];
    return Array.isArray(value) && Array.isArray(other) ? sameList(value, other) : value === other;
  });
}

export function itemIdsOf(row: RowModel): string[] {
  if (row.kind === "exploration") return row.items.map(({ id }) => id);
  return row.kind === "plan" ? [] : [row.id];
}

export function newestEditId(turns: readonly Turn[]): string | undefined {
  for (const turn of turns.toReversed()) {
    const edit = turn.items.findLast((item) => item.type === "fileChange");
    if (edit) return edit.id;
  }
  return undefined;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function isExploration(item: ThreadItem): item is ExplorationItem {
  return item.type === "imageView" || (item.type === "dynamicToolCall" && explorers.has(item.tool));
}

function isOpen(item: ThreadItem): boolean {
  if ("status" in item) return item.status === "inProgress";
  return item.completedAtMs === null || item.completedAtMs === undefined;
}

function planRow(turn: Turn, plan: TurnPlan): RowModel {
  return { kind: "plan", id: `${turn.id}/plan`, plan, live: turn.status === "inProgress" };
}

function rowOf(turn: Turn, item: ThreadItem, around: Surroundings): RowModel | undefined {
  const { id } = item;
  const runs = turn.status === "inProgress";
  const live = runs && isOpen(item);
  const asked = around.approvals.findIndex(({ params }) => params.itemId === id);
  if (asked === 0 && around.approvals[0]) return { kind: "approval", id, approval: around.approvals[0], item };
  switch (item.type) {
    case "userMessage":
      return { kind: "userMessage", id, item, turnId: turn.id, opens: opensWhat(turn, item, around), ended: !runs };
    case "contextCompaction":
      return { kind: "compaction", id, item, live };
    case "agentMessage":
      return { kind: "agentMessage", id, item, live };
    case "reasoning":
      return live || hasText(item) ? { kind: "reasoning", id, item, live } : undefined;
    case "commandExecution":
      return {
        kind: "command",
        id,
        item,
        state: commandState(item, { live, waiting: asked > 0 }),
        movedOn: movedOn(turn, item),
      };
    case "fileChange":
      return {
        kind: "fileChange",
        id,
        item,
        state: editState(item, { live, waiting: asked > 0 }),
        newest: around.newestEditId === id,
        reviewed: (around.changes ?? []).filter(({ authors }) => authors.some(({ itemId }) => itemId === id)),
      };
    case "imageView":
      return { kind: "exploration", id, items: [item], live: false };
    case "dynamicToolCall":
      return isExploration(item) ? { kind: "exploration", id, items: [item], live } : { kind: "tool", id, item, live };
  }
}

function opensWhat(turn: Turn, item: ItemOf<"userMessage">, { isFirst }: Surroundings): UserMessageModel["opens"] {
  if (turn.items.find(({ type }) => type === "userMessage") !== item) return undefined;
  return isFirst ? "thread" : "turn";
}

function hasText(item: ItemOf<"reasoning">): boolean {
  return [...item.summary, ...item.content].some((text) => text.trim() !== "");
}

/** A question about an item that the turn does not have still has to be seen. */
function orphans(turn: Turn, approvals: readonly PendingApproval[]): RowModel[] {
  const first = approvals[0];
  if (first?.params.turnId !== turn.id) return [];
  if (turn.items.some(({ id }) => id === first.params.itemId)) return [];
  return [{ kind: "approval", id: first.params.itemId, approval: first, item: undefined }];
}
