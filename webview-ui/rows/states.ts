import type { ItemOf } from "../../src/protocol/items.ts";
import type { Turn } from "../../src/protocol/threads.ts";

export type CommandState = "waiting" | "running" | "passed" | "failed" | "stopped" | "denied";
export type EditState = "waiting" | "writing" | "applied" | "failed" | "rejected";

/** What an item does not say of itself. */
interface Stage {
  /** Its turn runs, and it has not ended. */
  readonly live: boolean;
  /** The user is asked about it. */
  readonly waiting: boolean;
}

export function commandState(item: ItemOf<"commandExecution">, { live, waiting }: Stage): CommandState {
  if (waiting) return "waiting";
  if (live) return "running";
  if (item.status === "declined") return "denied";
  if (item.status === "completed" && (item.exitCode ?? 0) === 0) return "passed";
  return typeof item.exitCode === "number" ? "failed" : "stopped";
}

export function editState(item: ItemOf<"fileChange">, { live, waiting }: Stage): EditState {
  if (waiting) return "waiting";
  if (live) return "writing";
  if (item.status === "declined") return "rejected";
  return item.status === "completed" ? "applied" : "failed";
}

/** True once the agent took a step after the item had ended: something began later than that. */
export function movedOn(turn: Turn, item: ItemOf<"commandExecution">): boolean {
  const ended = item.completedAtMs;
  if (ended === null || ended === undefined) return false;
  const at = turn.items.indexOf(item);
  return turn.items.slice(at + 1).some((later) => (later.startedAtMs ?? ended) >= ended);
}
