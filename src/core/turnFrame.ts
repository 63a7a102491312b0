import type { AgentError } from "../protocol/errors.ts";
import type { ItemOf, ThreadItem } from "../protocol/items.ts";
import type { Turn } from "../protocol/threads.ts";
import { endedItem, isUnfinished } from "./endedItem.ts";
import { turnErrorOf } from "./failureKind.ts";
import { messageItem } from "./prompt/contextLog.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { TurnThread } from "./turnThread.ts";

const TURN_ABORTED =
  "<turn_aborted>\nThe user stopped the turn. Calls that were cut off, and the commands that they had started, have ended and may have done part of their work: check before you go on. A command that had a session ID already goes on.\n</turn_aborted>";

type EndDeps = Pick<ThreadDeps, "clock" | "log">;

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

/** Tells of a turn whose beginning is journalled, and of the message that it begins with, which its context gets. */
export function tellBeginning(thread: TurnThread, turn: Turn, message: ItemOf<"userMessage"> | undefined): void {
  const { record, context, waiting, id } = thread;
  record.view.thread.updatedAt = turn.startedAt ?? record.view.thread.updatedAt;
  if (message) context.addMessage(turn.id, message.content);
  waiting.tell();
  record.notify({ method: "turn/started", params: { threadId: id, turn } });
  if (message) record.tellMessage(turn.id, message);
}

/** Ends what is unfinished in a turn, for the model and for surfaces, and journals the end. Resolves with the turn as it ended. */
export async function endTurn(
  thread: TurnThread,
  { turn, failure }: { turn: Turn; failure: AgentError | undefined },
  { clock, log }: EndDeps,
): Promise<Turn> {
  const { record, context } = thread;
  if (failure?.code === "aborted") await context.noteAbort(turn.id, messageItem("user", TURN_ABORTED)).catch(log);
  else if (failure) await context.closeCalls().catch(log);
  const items = itemsOf(thread, turn);
  endItems(thread, { turnId: turn.id, items }, { clock, log });
  const end = endOf(failure, { nowMs: clock.now(), startedAtMs: itemsOf(thread, turn)[0]?.startedAtMs ?? clock.now() });
  await record.keep({ type: "turnEnd", turnId: turn.id, end }).catch(log);
  record.view.thread.updatedAt = end.completedAt;
  return { ...turn, ...end };
}

/** Tells of a turn that has ended. */
export function tellEnd(thread: TurnThread, turn: Turn): void {
  thread.waiting.tell();
  const answer = itemsOf(thread, turn)
    .filter((item) => item.type === "agentMessage" && item.text !== "")
    .slice(-1);
  thread.record.notify({
    method: "turn/completed",
    params: { threadId: thread.id, turn: { ...turn, items: answer, itemsView: "summary" } },
  });
}

function itemsOf({ record }: TurnThread, { id }: Turn): readonly ThreadItem[] {
  return record.view.turns.find((known) => known.id === id)?.items ?? [];
}

/** Commands that stay in the background go on. */
function endItems(
  { record, terminals }: TurnThread,
  { turnId, items }: { turnId: string; items: readonly ThreadItem[] },
  { clock, log }: EndDeps,
): void {
  for (const item of items.filter(isUnfinished)) {
    if (!terminals.runs(item.id)) record.ended(turnId, endedItem(item, clock.now())).catch(log);
  }
}

/** How a turn ended: as it should without a failure, by the user's will when that is `aborted`. */
function endOf(failure: AgentError | undefined, { nowMs, startedAtMs }: { nowMs: number; startedAtMs: number }) {
  const status = !failure ? "completed" : failure.code === "aborted" ? "interrupted" : "failed";
  return {
    status,
    error: failure && status === "failed" ? turnErrorOf(failure) : null,
    completedAt: Math.floor(nowMs / 1000),
    durationMs: nowMs - startedAtMs,
  } as const;
}
