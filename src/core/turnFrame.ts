import type { AgentError } from "../protocol/errors.ts";
import type { Turn } from "../protocol/threads.ts";
import { turnErrorOf } from "./failureKind.ts";

/** A turn as it begins, without items. */
export function newTurn(id: string, nowMs: number): Turn {
  return {
    id,
    items: [],
    itemsView: "notLoaded",
    status: "inProgress",
    error: null,
    startedAt: Math.floor(nowMs / 1000),
    completedAt: null,
    durationMs: null,
  };
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
