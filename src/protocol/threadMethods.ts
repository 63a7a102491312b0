import * as z from "zod";
import { threadItem } from "./items.ts";
import { sentContext, sentLayerKind } from "./sentContext.ts";
import { approvalPolicy, editReview, reasoningEffort, sandboxMode, sandboxPolicy } from "./settings.ts";
import { cursors, empty, inThread, page, settingsChange, sortDirection } from "./shapes.ts";
import { thread, turn } from "./threads.ts";

/** A command that goes on by itself. `processId` is what `write_stdin` takes. */
const backgroundTerminal = z.object({
  processId: z.string(),
  itemId: z.string(),
  command: z.string(),
  cwd: z.string(),
});

const threadOptions = {
  cwd: z.string().nullish(),
  model: z.string().nullish(),
  approvalPolicy: approvalPolicy.nullish(),
  sandbox: sandboxMode.nullish(),
  editReview: editReview.nullish(),
};

const openedThread = z.object({
  thread,
  cwd: z.string(),
  model: z.string(),
  modelProvider: z.string(),
  approvalPolicy,
  approvalsReviewer: z.literal("user"),
  sandbox: sandboxPolicy,
  /** An addition of Patchwright. */
  editReview,
  reasoningEffort: reasoningEffort.nullish(),
  /** The AGENTS.md files that guide the model in this thread. */
  instructionSources: z.array(z.string()).optional(),
});
export type OpenedThread = z.infer<typeof openedThread>;

/** What a client asks of threads as a whole: to open, list, read, name, put away, copy and shorten them. */
export const threadRequests = {
  "thread/start": {
    params: z.object({ ...threadOptions, threadSource: z.string().nullish() }),
    result: openedThread,
  },
  "thread/resume": { params: z.object({ ...inThread, ...threadOptions }), result: openedThread },
  "thread/read": {
    params: z.object({ ...inThread, includeTurns: z.boolean().optional() }),
    result: z.object({ thread }),
  },
  /** An addition of Patchwright: what exactly a request to the model held. The newest one, unless another is asked for. */
  "thread/context/read": {
    params: z.object({
      ...inThread,
      /** The first request that held this message of the user. */
      itemId: z.string().nullish(),
      turnId: z.string().nullish(),
      number: z.int().min(1).nullish(),
      /** This layer alone, with its entries whole; otherwise all of them, long ones cut. */
      layer: sentLayerKind.nullish(),
      includeBody: z.boolean().optional(),
    }),
    /** `body` is the request's JSON to the byte. */
    result: z.object({ context: sentContext, body: z.string().nullable() }),
  },
  "thread/list": {
    params: z.object({
      cursor: z.string().nullish(),
      limit: z.int().min(1).nullish(),
      /** Only threads of this folder, or of these. */
      cwd: z.union([z.string(), z.array(z.string())]).nullish(),
      archived: z.boolean().nullish(),
      /** Found in the name, the preview or the messages, ignoring case. */
      searchTerm: z.string().nullish(),
    }),
    result: z.object({ data: z.array(thread), nextCursor: z.string().nullish() }),
  },
  "thread/loaded/list": {
    params: z.object(page),
    result: z.object({ data: z.array(z.string()), nextCursor: z.string().nullish() }),
  },
  /** The newest first, unless the direction says otherwise; with the messages of each turn alone, unless more is asked for. */
  "thread/turns/list": {
    params: z.object({
      ...inThread,
      ...page,
      sortDirection,
      itemsView: z.enum(["notLoaded", "summary", "full"]).nullish(),
    }),
    result: z.object({ data: z.array(turn), ...cursors }),
  },
  "thread/items/list": {
    params: z.object({ ...inThread, ...page, sortDirection, turnId: z.string().nullish() }),
    result: z.object({ data: z.array(z.object({ turnId: z.string(), item: threadItem })), ...cursors }),
  },
  "thread/backgroundTerminals/list": {
    params: z.object({ ...inThread, ...page }),
    result: z.object({ data: z.array(backgroundTerminal), nextCursor: z.string().nullish() }),
  },
  "thread/backgroundTerminals/terminate": {
    params: z.object({ ...inThread, processId: z.string() }),
    result: z.object({ terminated: z.boolean() }),
  },
  /** Ends all that the thread left running. */
  "thread/backgroundTerminals/clean": { params: z.object(inThread), result: empty },
  "thread/name/set": { params: z.object({ ...inThread, name: z.string().min(1) }), result: empty },
  "thread/archive": { params: z.object(inThread), result: empty },
  "thread/unarchive": { params: z.object(inThread), result: z.object({ thread }) },
  "thread/delete": { params: z.object(inThread), result: empty },
  "thread/unsubscribe": {
    params: z.object(inThread),
    result: z.object({ status: z.enum(["notLoaded", "notSubscribed", "unsubscribed"]) }),
  },
  /** A new thread with what the thread has said so far, or until before, or after, one of its turns. */
  "thread/fork": {
    params: z.object({
      ...inThread,
      ...threadOptions,
      beforeTurnId: z.string().nullish(),
      lastTurnId: z.string().nullish(),
    }),
    result: openedThread,
  },
  /** Takes back a turn and all that followed it. Files stay as they are. */
  "thread/revert": {
    params: z.object({ ...inThread, beforeTurnId: z.string() }),
    result: z.object({ thread }),
  },
  /** Replaces the context by a shorter one: at once in a turn of its own, or before the next request of the turn that runs. */
  "thread/compact/start": { params: z.object(inThread), result: empty },
  "thread/settings/update": {
    params: z.object({
      ...inThread,
      ...settingsChange,
    }),
    result: empty,
  },
} as const;
