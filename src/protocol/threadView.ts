import type { ThreadItem } from "./items.ts";
import type { ServerRequestMethod, ServerRequestParams } from "./methods.ts";
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

/** The part of a file under review that a thread changed; undefined when it changed none of it. */
export function changeOfThread(file: ReviewedFile, threadId: string): ReviewedFile | undefined {
  const isOurs = ({ authors }: Pick<ReviewedFile, "authors">) => authors.some((author) => author.threadId === threadId);
  if (!isOurs(file)) return undefined;
  const hunks = file.hunks.filter(isOurs);
  if (hunks.length === file.hunks.length) return file;
  const lines = (count: (hunk: ReviewHunk) => number) => hunks.reduce((sum, hunk) => sum + count(hunk), 0);
  return { ...file, hunks, added: lines((hunk) => hunk.newCount), removed: lines((hunk) => hunk.oldCount) };
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

/**
 * What a list shows of a thread without a name: the first line of its first message that is not blank, with the name of what is attached
 * to it, which tells threads apart that begin with the same words. Empty for any other item.
 */
export function previewOf(item: ThreadItem): string {
  if (item.type !== "userMessage") return "";
  const parts = item.content.filter((part) => part.type === "text");
  const { text = "", text_elements = [] } = parts.find((part) => part.text.trim() !== "") ?? {};
  const [before = "", line = ""] = /^\s*(\S.*)/.exec(text) ?? [];
  const end = new TextEncoder().encode(before).length;
  const attached = text_elements.find(({ byteRange }) => byteRange.start >= end)?.placeholder ?? "";
  const words = `${line} ${attached}`.replace(/\s+/g, " ").trim();
  return words.slice(0, PREVIEW_LENGTH).replace(HALF_CHARACTER, "");
}
