import type { ServerNotification } from "./methods.ts";
import type { ReviewedFile } from "./review.ts";
import { changeOfThread, isBlank, type PendingApproval, type ThreadView, type Touched } from "./threadView.ts";
import {
  addTurns,
  appendAt,
  completeTurn,
  dropItem,
  onItem,
  onTurn,
  putItem,
  revertTurns,
  startTurn,
} from "./viewTurns.ts";

const nothing: Touched = { kind: "nothing" };

/** Nothing of these stands in a thread's view. */
const beside = {
  "thread/started": true,
  "account/login/completed": true,
  "account/updated": true,
  warning: true,
  "rule/updated": true,
  "sandbox/updated": true,
} as const satisfies Partial<Record<ServerNotification["method"], true>>;
type BesideNotification = Extract<ServerNotification, { method: keyof typeof beside }>;
type ThreadNotification = Exclude<ServerNotification, BesideNotification | { method: "change/updated" }>;
type TurnNotification = Exclude<ThreadNotification, { method: `thread/${string}` | "serverRequest/resolved" }>;
type ItemNotification = Exclude<TurnNotification, { method: `turn/${string}` | "error" }>;

/** Applies one notification; those of other threads touch nothing. */
export function applyNotification(view: ThreadView, notification: ServerNotification): Touched {
  if (isBeside(notification)) return nothing;
  if (notification.method === "change/updated") return putChange(view, notification.params);
  return notification.params.threadId === view.thread.id ? applyToThread(view, notification) : nothing;
}

function isBeside(notification: ServerNotification): notification is BesideNotification {
  return Object.hasOwn(beside, notification.method);
}

/** Each level passes on what it has no case for, so that the compiler asks for a case of each notification. */
function applyToThread(view: ThreadView, notification: ThreadNotification): Touched {
  const { method, params } = notification;
  switch (method) {
    case "thread/status/changed":
      view.thread.status = params.status;
      return { kind: "thread" };
    case "thread/name/updated":
      view.thread.name = params.threadName;
      return { kind: "thread" };
    case "thread/settings/updated":
      view.thread.model = params.threadSettings.model;
      view.thread.cwd = params.threadSettings.cwd;
      return { kind: "thread" };
    case "thread/tokenUsage/updated":
      view.usage = params.tokenUsage;
      return { kind: "thread" };
    case "thread/queue/changed":
      view.queue = params.queuedSubmissions ?? view.queue;
      return { kind: "queue" };
    case "thread/reverted":
      return revertTurns(view, params.beforeTurnId);
    case "thread/revertUndone":
      return addTurns(view, params.turns);
    case "thread/archived":
    case "thread/unarchived":
    case "thread/deleted":
    case "thread/closed":
      return nothing;
    case "serverRequest/resolved":
      view.approvals = view.approvals.filter((approval) => approval.requestId !== params.requestId);
      return { kind: "thread" };
    default:
      return applyToTurn(view, notification);
  }
}

function applyToTurn(view: ThreadView, notification: TurnNotification): Touched {
  const { method, params } = notification;
  switch (method) {
    case "turn/started":
      return startTurn(view, params.turn);
    case "turn/completed":
      return completeTurn(view, params.turn);
    case "turn/diff/updated":
      return onTurn(view, params.turnId, (turn) => {
        turn.diff = params.diff;
      });
    case "turn/plan/updated":
      return onTurn(view, params.turnId, (turn) => {
        const afterItemId = turn.plan ? turn.plan.afterItemId : (turn.items.at(-1)?.id ?? null);
        turn.plan = { explanation: params.explanation ?? null, steps: params.plan, afterItemId };
      });
    case "error":
      if (params.willRetry) {
        const { attempt = 1, maxAttempts = attempt, retryInMs = 0 } = params;
        view.retry = { message: params.error.message, attempt, maxAttempts, inMs: retryInMs };
      }
      return { kind: "turn", turnId: params.turnId };
    default:
      return applyToItem(view, notification);
  }
}

function applyToItem(view: ThreadView, { method, params }: ItemNotification): Touched {
  switch (method) {
    case "item/started":
      return putItem(view, params.turnId, params.item);
    case "item/completed":
      return isBlank(params.item)
        ? dropItem(view, params.turnId, params.item)
        : putItem(view, params.turnId, params.item);
    case "item/agentMessage/delta":
      return onItem(view, params, "agentMessage", (item) => {
        item.text += params.delta;
      });
    case "item/reasoning/summaryPartAdded":
      return onItem(view, params, "reasoning", (item) => appendAt(item.summary, params.summaryIndex, ""));
    case "item/reasoning/summaryTextDelta":
      return onItem(view, params, "reasoning", (item) => appendAt(item.summary, params.summaryIndex, params.delta));
    case "item/reasoning/textDelta":
      return onItem(view, params, "reasoning", (item) => appendAt(item.content, params.contentIndex, params.delta));
    case "item/commandExecution/outputDelta":
      return onItem(view, params, "commandExecution", (item) => {
        item.aggregatedOutput = (item.aggregatedOutput ?? "") + params.delta;
      });
    case "item/fileChange/patchUpdated":
      return onItem(view, params, "fileChange", (item) => {
        item.changes = params.changes;
      });
    default:
      method satisfies never;
      return nothing;
  }
}

/** Adds a question of the server to the view, in place of an older one about the same item; one of another thread touches nothing. */
export function applyApproval(view: ThreadView, approval: PendingApproval): Touched {
  const { threadId, turnId, itemId } = approval.params;
  if (threadId !== view.thread.id) return nothing;
  view.approvals = [...view.approvals.filter((known) => known.params.itemId !== itemId), approval];
  return { kind: "item", turnId, itemId };
}

function putChange(view: ThreadView, { path, file }: { path: string; file: ReviewedFile | null }): Touched {
  const at = view.changes.findIndex((known) => known.path === path);
  const ours = file ? changeOfThread(file, view.thread.id) : undefined;
  if (at < 0 && !ours) return nothing;
  if (at < 0 && ours) view.changes = [...view.changes, ours];
  else view.changes = view.changes.flatMap((known, index) => (index === at ? (ours ?? []) : known));
  return { kind: "changes" };
}
