import type { AgentError } from "../protocol/errors.ts";
import type { ItemOf, UserInput } from "../protocol/items.ts";
import type { Turn } from "../protocol/threads.ts";
import { turnErrorOf } from "./failureKind.ts";

interface Start {
  readonly clientId: string | null;
  readonly newId: () => string;
  readonly nowMs: number;
}

/** A turn as it begins, with the user's message as its first item, which it does not carry yet. */
export function beginTurn(input: readonly UserInput[], { clientId, newId, nowMs }: Start) {
  const item: ItemOf<"userMessage"> = {
    type: "userMessage",
    id: newId(),
    clientId,
    content: [...input],
    startedAtMs: nowMs,
    completedAtMs: nowMs,
  };
  const turn: Turn = {
    id: newId(),
    items: [],
    itemsView: "notLoaded",
    status: "inProgress",
    error: null,
    startedAt: Math.floor(nowMs / 1000),
    completedAt: null,
    durationMs: null,
  };
  return { turn, item };
}

/** How a turn ended: as it should without a failure, by the user's will when that is `aborted`. */
export function endOf(failure: AgentError | undefined, { nowMs, startedAtMs }: { nowMs: number; startedAtMs: number }) {
  const status = !failure ? "completed" : failure.code === "aborted" ? "interrupted" : "failed";
  return {
    status,
    error: failure && status === "failed" ? turnErrorOf(failure) : null,
    completedAt: Math.floor(nowMs / 1000),
    durationMs: nowMs - startedAtMs,
  } as const;
}
