import type { ItemOf, ItemType, ThreadItem } from "./items.ts";
import type { ServerNotification, ServerRequestMethod, ServerRequestParams } from "./methods.ts";
import type { QueuedSubmission } from "./queue.ts";
import type { ReviewedFile, ReviewHunk } from "./review.ts";
import type { Thread, ThreadStatus, TokenUsage, Turn } from "./threads.ts";

/** A question of the server that waits for the user. */
export type PendingApproval = {
  [M in ServerRequestMethod]: { requestId: string | number; method: M; params: ServerRequestParams<M> };
}[ServerRequestMethod];

/** A retry that is under way: shown until the turn goes on. */
export interface Retry {
  message: string;
  attempt: number;
  maxAttempts: number;
  /** Milliseconds from the notification on. */
  inMs: number;
}

/** One thread as a surface shows it. Changed in place by `applyNotification`; a surface reads and never writes. */
export interface ThreadView {
  thread: Omit<Thread, "turns">;
  turns: Turn[];
  usage: TokenUsage | undefined;
  approvals: PendingApproval[];
  /** Messages of the user that the agent has not read yet: those that steer the running turn (`turnId`), and those that wait for its end. */
  queue: QueuedSubmission[];
  retry: Retry | undefined;
  /** What the thread changed and the user has neither kept nor undone, in the order in which files were first changed. */
  changes: ReviewedFile[];
}

/** What a notification touched, so that a surface redraws only that. */
export type Touched =
  | { kind: "nothing" }
  /** The header, the status, the meter. */
  | { kind: "thread" }
  /** The turn's head or end: its plan, its error, its status. */
  | { kind: "turn"; turnId: string }
  /** One item's content. */
  | { kind: "item"; turnId: string; itemId: string }
  /** The messages that wait. */
  | { kind: "queue" }
  /** The changes under review. */
  | { kind: "changes" }
  /** Turns were taken back. */
  | { kind: "turns" }
  /** The list of items or turns: something was added. */
  | { kind: "list"; turnId: string };

const nothing: Touched = { kind: "nothing" };

type ThreadNotification = Exclude<
  ServerNotification,
  {
    method:
      | "thread/started"
      | "account/login/completed"
      | "account/updated"
      | "warning"
      | "change/updated"
      | "rule/updated";
  }
>;
type TurnNotification = Exclude<ThreadNotification, { method: `thread/${string}` | "serverRequest/resolved" }>;
type ItemNotification = Exclude<TurnNotification, { method: `turn/${string}` | "error" }>;

/** The view of a thread as `thread/read` or `thread/resume` gives it. Takes ownership of the value. */
export function viewOf(thread: Thread): ThreadView {
  const { turns, ...rest } = thread;
  return { thread: rest, turns, usage: undefined, approvals: [], queue: [], retry: undefined, changes: [] };
}

/** The turn that runs, if one does. */
export function runningTurn(view: ThreadView): Turn | undefined {
  const last = view.turns.at(-1);
  return last?.status === "inProgress" ? last : undefined;
}

/** Applies one notification; those of other threads touch nothing. */
export function applyNotification(view: ThreadView, notification: ServerNotification): Touched {
  const { method, params } = notification;
  if (method === "thread/started" || method === "account/updated" || method === "warning" || method === "rule/updated")
    return nothing;
  if (method === "account/login/completed") return nothing;
  if (method === "change/updated") return putChange(view, params);
  return params.threadId === view.thread.id ? applyToThread(view, notification) : nothing;
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

/** The part of a file under review that a thread changed; undefined when it changed none of it. */
export function changeOfThread(file: ReviewedFile, threadId: string): ReviewedFile | undefined {
  const isOurs = ({ authors }: Pick<ReviewedFile, "authors">) => authors.some((author) => author.threadId === threadId);
  if (!isOurs(file)) return undefined;
  const hunks = file.hunks.filter(isOurs);
  if (hunks.length === file.hunks.length) return file;
  const lines = (count: (hunk: ReviewHunk) => number) => hunks.reduce((sum, hunk) => sum + count(hunk), 0);
  return { ...file, hunks, added: lines((hunk) => hunk.newCount), removed: lines((hunk) => hunk.oldCount) };
}

function putChange(view: ThreadView, { path, file }: { path: string; file: ReviewedFile | null }): Touched {
  const at = view.changes.findIndex((known) => known.path === path);
  const ours = file ? changeOfThread(file, view.thread.id) : undefined;
  if (at < 0 && !ours) return nothing;
  if (at < 0 && ours) view.changes = [...view.changes, ours];
  else view.changes = view.changes.flatMap((known, index) => (index === at ? (ours ?? []) : known));
  return { kind: "changes" };
}

/** True while the thread waits for the user. */
export function waitsForUser(status: ThreadStatus): boolean {
  return status.type === "active" && status.activeFlags.length > 0;
}

/** True for a text that is empty. Ended, such an item shows nothing and is not part of its turn. */
export function isBlank(item: ThreadItem): boolean {
  if (item.type === "agentMessage") return item.text === "";
  return item.type === "reasoning" && [...item.summary, ...item.content].every((part) => part === "");
}

const PREVIEW_LENGTH = 120;
/** What a cut in the middle of a surrogate pair leaves at the end. */
const HALF_CHARACTER = /[\ud800-\udbff]$/;

/** What a list shows of a thread without a name: how its first message begins, on the first line that is not blank. Empty for any other item. */
export function previewOf(item: ThreadItem): string {
  if (item.type !== "userMessage") return "";
  const text = item.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  const [line = ""] = /\S.*/.exec(text) ?? [];
  return line.replace(/\s+/g, " ").trim().slice(0, PREVIEW_LENGTH).replace(HALF_CHARACTER, "");
}

function startTurn(view: ThreadView, turn: Turn): Touched {
  if (!view.turns.some((known) => known.id === turn.id)) view.turns.push({ ...turn, items: [...turn.items] });
  return { kind: "list", turnId: turn.id };
}

function addTurns(view: ThreadView, turns: readonly Turn[]): Touched {
  view.turns = [...view.turns, ...turns.filter(({ id }) => !view.turns.some((known) => known.id === id))];
  const message = view.turns.flatMap((turn) => turn.items).find((item) => item.type === "userMessage");
  if (message) view.thread.preview = previewOf(message);
  return { kind: "turns" };
}

function revertTurns(view: ThreadView, beforeTurnId: string | undefined): Touched {
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
function completeTurn(view: ThreadView, ended: Turn): Touched {
  view.retry = undefined;
  return onTurn(view, ended.id, (turn) => {
    const { items: _items, itemsView: _view, ...rest } = ended;
    Object.assign(turn, rest);
  });
}

function putItem(view: ThreadView, turnId: string, item: ThreadItem): Touched {
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

function dropItem(view: ThreadView, turnId: string, { id }: ThreadItem): Touched {
  const turn = findTurn(view, turnId);
  if (!turn) return nothing;
  turn.items = turn.items.filter((item) => item.id !== id);
  return { kind: "list", turnId };
}

function onTurn(view: ThreadView, turnId: string, change: (turn: Turn) => void): Touched {
  const turn = findTurn(view, turnId);
  if (!turn) return nothing;
  change(turn);
  return { kind: "turn", turnId };
}

function onItem<T extends ItemType>(
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

function appendAt(parts: string[], index: number, text: string): void {
  while (parts.length <= index) parts.push("");
  parts[index] += text;
}
