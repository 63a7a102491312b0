import * as z from "zod";
import { fileUpdateChange, threadItem } from "./items.ts";
import { queuedSubmission } from "./queue.ts";
import { reviewedFile } from "./review.ts";
import { rule } from "./rules.ts";
import { sandboxState, threadSettings } from "./settings.ts";
import { inItem, inThread, inTurn } from "./shapes.ts";
import { planStep, thread, threadStatus, tokenUsage, turn, turnError } from "./threads.ts";

const delta = z.object({ ...inItem, delta: z.string() });

/** What the server tells. Each also carries `emittedAtMs` beside its params. */
export const notifications = {
  "thread/started": z.object({ thread }),
  "thread/status/changed": z.object({ ...inThread, status: threadStatus }),
  "thread/name/updated": z.object({ ...inThread, threadName: z.string().nullish() }),
  "thread/archived": z.object(inThread),
  "thread/unarchived": z.object(inThread),
  "thread/deleted": z.object(inThread),
  /** Nobody has it open any more, and nothing goes on in it: another program may go on with it. */
  "thread/closed": z.object(inThread),
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
  /** An addition of Patchwright, told to every client: what confines commands here is not what `initialize` said. */
  "sandbox/updated": z.object({ sandbox: sandboxState }),
  "account/updated": z.object({ authMode: z.literal("apikey").nullish(), planType: z.null().optional() }),
} as const;
