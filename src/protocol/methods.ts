import * as z from "zod";
import {
  commandApprovalAnswer,
  commandApprovalParams,
  fileChangeApprovalAnswer,
  fileChangeApprovalParams,
  readApprovalAnswer,
  readApprovalParams,
  toolApprovalAnswer,
  toolApprovalParams,
} from "./approvals.ts";
import { fileUpdateChange, threadItem, userInput } from "./items.ts";
import { queuedSubmission } from "./queue.ts";
import { changeSelection, checkpoint, restoredFile, reviewedFile, skippedChange } from "./review.ts";
import { newRule, rule } from "./rules.ts";
import { sentContext, sentLayerKind } from "./sentContext.ts";
import {
  approvalPolicy,
  editReview,
  reasoningEffort,
  sandboxMode,
  sandboxPolicy,
  sandboxState,
  threadSettings,
} from "./settings.ts";
import { planStep, thread, threadStatus, tokenUsage, turn, turnError } from "./threads.ts";

const empty = z.object({});
/** What a method without parameters is sent with. */
const nothing = z.union([z.null(), z.undefined(), empty]);
const inThread = { threadId: z.string() };
const inTurn = { threadId: z.string(), turnId: z.string() };
const inItem = { ...inTurn, itemId: z.string() };

const page = { cursor: z.string().nullish(), limit: z.int().min(1).nullish() };
const sortDirection = z.enum(["asc", "desc"]).nullish();
const cursors = { nextCursor: z.string().nullish(), backwardsCursor: z.string().nullish() };

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

const settingsChange = {
  cwd: z.string().nullish(),
  model: z.string().nullish(),
  effort: reasoningEffort.nullish(),
  approvalPolicy: approvalPolicy.nullish(),
  sandboxPolicy: sandboxPolicy.nullish(),
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

const model = z.object({
  id: z.string(),
  model: z.string(),
  displayName: z.string(),
  description: z.string(),
  hidden: z.boolean(),
  isDefault: z.boolean(),
  defaultReasoningEffort: reasoningEffort,
  supportedReasoningEfforts: z.array(z.object({ reasoningEffort, description: z.string() })),
});
export type ListedModel = z.infer<typeof model>;

/** What a client asks of the server. A row is the name, the validation and the types of both ends. */
export const requests = {
  initialize: {
    params: z.object({
      clientInfo: z.object({ name: z.string(), title: z.string().nullish(), version: z.string() }),
      capabilities: z
        .object({ experimentalApi: z.boolean().optional(), optOutNotificationMethods: z.array(z.string()).nullish() })
        .nullish(),
    }),
    result: z.object({
      userAgent: z.string(),
      codexHome: z.string(),
      platformFamily: z.string(),
      platformOs: z.string(),
      /** An addition of Patchwright. */
      sandbox: sandboxState.optional(),
    }),
  },
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
  "thread/queue/add": {
    params: z.object({ ...inThread, input: z.array(userInput).min(1), clientUserMessageId: z.string() }),
    result: z.object({ queuedSubmission }),
  },
  "thread/queue/list": {
    params: z.object({ ...inThread, cursor: z.string().nullish(), limit: z.int().min(1).nullish() }),
    result: z.object({ data: z.array(queuedSubmission), nextCursor: z.string().nullish() }),
  },
  "thread/queue/update": {
    params: z.object({ ...inThread, queuedSubmissionId: z.string(), input: z.array(userInput).min(1) }),
    result: z.object({ queuedSubmission }),
  },
  "thread/queue/delete": {
    params: z.object({ ...inThread, queuedSubmissionId: z.string() }),
    result: z.object({ deleted: z.boolean() }),
  },
  /** The waiting messages in their new order; those that are not named follow as they were. */
  "thread/queue/reorder": {
    params: z.object({ ...inThread, queuedSubmissionIds: z.array(z.string()) }),
    result: empty,
  },
  /** Uses a waiting message now, the first unless one is named: it starts a turn, or steers the one that runs. */
  "thread/queue/start": {
    params: z.object({ ...inThread, queuedSubmissionId: z.string().nullish() }),
    result: z.object({ turn }),
  },
  /** An addition of Patchwright, as are the next ones: the agent's changes under review, of a thread or of all of them. */
  "change/list": {
    params: z.object({ threadId: changeSelection.threadId, turnId: changeSelection.turnId }),
    result: z.object({ data: z.array(reviewedFile) }),
  },
  /** Both texts of a file under review; null where there is no file, or one that is not text. */
  "change/read": {
    params: z.object({ path: z.string() }),
    result: z.object({ baseline: z.string().nullable(), current: z.string().nullable() }),
  },
  /** Keeps changes: they become part of the baseline. Files stay as they are. */
  "change/accept": {
    params: z.object(changeSelection),
    result: z.object({ skipped: z.array(skippedChange) }),
  },
  /** Undoes changes in the files. What was changed further after the agent's edit is skipped unless `includeEdited`. */
  "change/reject": {
    params: z.object({ ...changeSelection, includeEdited: z.boolean().optional() }),
    result: z.object({ skipped: z.array(skippedChange) }),
  },
  /** The newest first, with the disk space that all checkpoints take and may take, in bytes. */
  "checkpoint/list": {
    params: z.object(inThread),
    result: z.object({ data: z.array(checkpoint), diskBytes: z.number(), maxDiskBytes: z.number() }),
  },
  /**
   * Takes back what the agent did since: in the files, in the thread, or in both. What the user changed in the files meanwhile stays. Before
   * that a checkpoint is made, whose restoring takes this one back.
   */
  "checkpoint/restore": {
    params: z.object({
      ...inThread,
      checkpointId: z.string(),
      files: z.boolean(),
      thread: z.boolean(),
      /** Changes nothing, and answers what it would do. */
      dryRun: z.boolean().optional(),
      /** Files to be restored although the user has changed the same lines. */
      overwrite: z.array(z.string()).optional(),
    }),
    /** `checkpointId` takes this restoring back; null when nothing was changed. */
    result: z.object({ checkpointId: z.string().nullable(), files: z.array(restoredFile) }),
  },
  /** An addition of Patchwright, as are the next two: what the user settled for good, in the order in which it was. */
  "rule/list": { params: nothing, result: z.object({ data: z.array(rule) }) },
  /** Without an id a new rule; otherwise this one is changed. What a rule may not say is refused with the reason. */
  "rule/write": {
    params: z.object({ id: z.string().nullish(), rule: newRule }),
    result: z.object({ rule }),
  },
  "rule/delete": { params: z.object({ id: z.string() }), result: z.object({ deleted: z.boolean() }) },
  "thread/settings/update": {
    params: z.object({
      ...inThread,
      ...settingsChange,
    }),
    result: empty,
  },
  "turn/start": {
    params: z.object({
      ...inThread,
      input: z.array(userInput).min(1),
      clientUserMessageId: z.string().nullish(),
      /** For this turn and those after it. */
      ...settingsChange,
      /** A JSON Schema that the answers of the thread keep to; fixed by its first turn. */
      outputSchema: z.record(z.string(), z.unknown()).nullish(),
    }),
    result: z.object({ turn }),
  },
  /** Before the next request to the model, after the outputs of the calls that run. Kept when it is answered. */
  "turn/steer": {
    params: z.object({
      ...inThread,
      /** Another turn is a conflict. */
      expectedTurnId: z.string(),
      input: z.array(userInput).min(1),
      clientUserMessageId: z.string().nullish(),
    }),
    result: z.object({ turnId: z.string() }),
  },
  /** Adds items of the model's API to what the model sees, between two turns. */
  "thread/inject_items": {
    params: z.object({ ...inThread, items: z.array(z.record(z.string(), z.unknown())) }),
    result: empty,
  },
  "turn/interrupt": { params: z.object(inTurn), result: empty },
  "model/list": {
    params: z.object({ cursor: z.string().nullish(), limit: z.int().nullish(), includeHidden: z.boolean().nullish() }),
    result: z.object({ data: z.array(model), nextCursor: z.string().nullish() }),
  },
  "account/read": {
    params: z.object({ refreshToken: z.boolean().optional() }),
    result: z.object({
      account: z.object({ type: z.literal("apiKey") }).nullable(),
      requiresOpenaiAuth: z.boolean(),
    }),
  },
  /** No surface, log or journal may show the key. */
  "account/login/start": {
    params: z.object({ type: z.literal("apiKey"), apiKey: z.string() }),
    result: z.object({ type: z.literal("apiKey") }),
  },
  "account/logout": { params: nothing, result: empty },
} as const;

/** What the server asks of its clients, and awaits. The first answer wins; the others get `serverRequest/resolved`. */
export const serverRequests = {
  "item/commandExecution/requestApproval": { params: commandApprovalParams, result: commandApprovalAnswer },
  "item/fileChange/requestApproval": { params: fileChangeApprovalParams, result: fileChangeApprovalAnswer },
  /** A file that may hold credentials is to be read. */
  "item/permissions/requestApproval": { params: readApprovalParams, result: readApprovalAnswer },
  /** A tool that another program brings is to be called. */
  "mcpServer/elicitation/request": { params: toolApprovalParams, result: toolApprovalAnswer },
} as const;

const delta = z.object({ ...inItem, delta: z.string() });

/** What the server tells. Each also carries `emittedAtMs` beside its params. */
export const notifications = {
  "thread/started": z.object({ thread }),
  "thread/status/changed": z.object({ ...inThread, status: threadStatus }),
  "thread/name/updated": z.object({ ...inThread, threadName: z.string().nullish() }),
  "thread/archived": z.object(inThread),
  "thread/unarchived": z.object(inThread),
  "thread/deleted": z.object(inThread),
  /** `beforeTurnId` is an addition of Patchwright: that turn and all after it are gone. */
  "thread/reverted": z.object({ ...inThread, beforeTurnId: z.string().optional() }),
  /** An addition of Patchwright: a revert was taken back, and these turns stand after the others again. */
  "thread/revertUndone": z.object({ ...inThread, turns: z.array(turn) }),
  /** `queuedSubmissions` is an addition of Patchwright: all messages that wait, those that steer the running turn included. */
  "thread/queue/changed": z.object({ ...inThread, queuedSubmissions: z.array(queuedSubmission).optional() }),
  "thread/settings/updated": z.object({ ...inThread, threadSettings }),
  "thread/tokenUsage/updated": z.object({ ...inTurn, tokenUsage }),
  "turn/started": z.object({ ...inThread, turn }),
  "turn/completed": z.object({ ...inThread, turn }),
  "turn/diff/updated": z.object({ ...inTurn, diff: z.string() }),
  "turn/plan/updated": z.object({ ...inTurn, explanation: z.string().nullish(), plan: z.array(planStep) }),
  "item/started": z.object({ ...inTurn, item: threadItem, startedAtMs: z.number() }),
  "item/completed": z.object({ ...inTurn, item: threadItem, completedAtMs: z.number() }),
  "item/agentMessage/delta": delta,
  "item/reasoning/summaryPartAdded": z.object({ ...inItem, summaryIndex: z.int() }),
  "item/reasoning/summaryTextDelta": z.object({ ...inItem, delta: z.string(), summaryIndex: z.int() }),
  "item/reasoning/textDelta": z.object({ ...inItem, delta: z.string(), contentIndex: z.int() }),
  "item/commandExecution/outputDelta": delta,
  /** The proposal while it streams in, and again when it is complete. */
  "item/fileChange/patchUpdated": z.object({ ...inItem, changes: z.array(fileUpdateChange) }),
  "serverRequest/resolved": z.object({ ...inThread, requestId: z.union([z.string(), z.number()]) }),
  error: z.object({
    ...inTurn,
    error: turnError,
    willRetry: z.boolean(),
    /** Additions of Patchwright, with `willRetry`. The first retry is attempt 1. */
    attempt: z.int().optional(),
    maxAttempts: z.int().optional(),
    retryInMs: z.number().optional(),
  }),
  warning: z.object({
    threadId: z.string().nullish(),
    message: z.string(),
    /** An addition of Patchwright: what a surface may offer the user to do about it. */
    remedy: z.literal("newThread").optional(),
  }),
  /** An addition of Patchwright, told to every client: a file under review as it stands, or null once nothing of it is left to review. */
  "change/updated": z.object({ path: z.string(), file: reviewedFile.nullable() }),
  "account/login/completed": z.object({
    loginId: z.null().optional(),
    success: z.boolean(),
    error: z.string().nullish(),
  }),
  /** An addition of Patchwright, told to every client: all rules, as they are now. */
  "rule/updated": z.object({ rules: z.array(rule) }),
  "account/updated": z.object({ authMode: z.literal("apikey").nullish(), planType: z.null().optional() }),
} as const;

type Rows = Record<string, { params: z.ZodType; result: z.ZodType }>;
type ParamsIn<T extends Rows, M extends keyof T> = z.input<T[M]["params"]>;
type ResultOut<T extends Rows, M extends keyof T> = z.output<T[M]["result"]>;

export type RequestMethod = keyof typeof requests;
export type RequestParams<M extends RequestMethod> = ParamsIn<typeof requests, M>;
export type RequestResult<M extends RequestMethod> = ResultOut<typeof requests, M>;
export type ServerRequestMethod = keyof typeof serverRequests;
export type ServerRequestParams<M extends ServerRequestMethod> = ParamsIn<typeof serverRequests, M>;
export type ServerRequestResult<M extends ServerRequestMethod> = ResultOut<typeof serverRequests, M>;
export type NotificationMethod = keyof typeof notifications;
export type NotificationParams<M extends NotificationMethod> = z.output<(typeof notifications)[M]>;

/** A notification as a value, told apart by its method. */
export type ServerNotification = {
  [M in NotificationMethod]: { method: M; params: NotificationParams<M> };
}[NotificationMethod];
