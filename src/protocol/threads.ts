import * as z from "zod";
import { threadItem } from "./items.ts";

/** Kinds of failure that clients of the protocol know; the message beside it says what to do. */
export const failureKind = z.union([
  z.enum([
    "contextWindowExceeded",
    "usageLimitExceeded",
    "rateLimitExceeded",
    "serverOverloaded",
    "modelNotFound",
    "internalServerError",
    "unauthorized",
    "badRequest",
    "other",
  ]),
  z.object({ httpConnectionFailed: z.object({ httpStatusCode: z.int().nullish() }) }),
  z.object({ responseStreamDisconnected: z.object({ httpStatusCode: z.int().nullish() }) }),
  z.object({ responseTooManyFailedAttempts: z.object({ httpStatusCode: z.int().nullish() }) }),
]);
export type FailureKind = z.infer<typeof failureKind>;

export const turnError = z.object({
  message: z.string(),
  codexErrorInfo: failureKind.nullish(),
  additionalDetails: z.string().nullish(),
});
export type TurnError = z.infer<typeof turnError>;

export const planStep = z.object({ step: z.string(), status: z.enum(["pending", "inProgress", "completed"]) });
export type PlanStep = z.infer<typeof planStep>;

/** The latest plan of a turn. `afterItemId` is the item that stood last when the plan first appeared: where a surface shows it. */
export const turnPlan = z.object({
  explanation: z.string().nullish(),
  steps: z.array(planStep),
  afterItemId: z.string().nullable(),
});
export type TurnPlan = z.infer<typeof turnPlan>;

export const turn = z.object({
  id: z.string(),
  items: z.array(threadItem),
  itemsView: z.enum(["notLoaded", "summary", "full"]).optional(),
  status: z.enum(["inProgress", "completed", "interrupted", "failed"]),
  error: turnError.nullish(),
  /** Unix seconds. */
  startedAt: z.number().nullish(),
  completedAt: z.number().nullish(),
  durationMs: z.number().nullish(),
  /** Additions of Patchwright, so that a surface that reads a thread shows what one that watched it shows. */
  plan: turnPlan.optional(),
  diff: z.string().optional(),
});
export type Turn = z.infer<typeof turn>;

export const threadStatus = z.discriminatedUnion("type", [
  z.object({ type: z.literal("notLoaded") }),
  z.object({ type: z.literal("idle") }),
  z.object({ type: z.literal("systemError") }),
  z.object({ type: z.literal("active"), activeFlags: z.array(z.enum(["waitingOnApproval", "waitingOnUserInput"])) }),
]);
export type ThreadStatus = z.infer<typeof threadStatus>;

export const thread = z.object({
  id: z.string(),
  sessionId: z.string(),
  projectId: z.null(),
  /** The first words of the first user message. */
  preview: z.string(),
  name: z.string().nullish(),
  /** The thread that this one began as a copy of. */
  forkedFromId: z.string().nullish(),
  ephemeral: z.boolean(),
  modelProvider: z.string(),
  model: z.string().nullish(),
  cwd: z.string(),
  cliVersion: z.string(),
  source: z.enum(["cli", "vscode", "exec", "appServer", "unknown"]),
  /** What started it, in the words of a client that says so. */
  threadSource: z.string().nullish(),
  status: threadStatus,
  /** Unix seconds. */
  createdAt: z.number(),
  updatedAt: z.number(),
  /** An addition of Patchwright, in lists: what else has it open, such as "a window of Code with /a"; "" when that did not say. */
  elsewhere: z.string().optional(),
  /** The journal's place, for people. */
  path: z.string().nullish(),
  turns: z.array(turn),
});
export type Thread = z.infer<typeof thread>;

/** Tokens; `inputTokens` includes the cached ones. */
export const tokenCounts = z.object({
  totalTokens: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningOutputTokens: z.number(),
});
export type TokenCounts = z.infer<typeof tokenCounts>;

/** `last` is the newest request's: its `totalTokens` against `modelContextWindow` is what the context meter shows. */
export const tokenUsage = z.object({ total: tokenCounts, last: tokenCounts, modelContextWindow: z.number().nullish() });
export type TokenUsage = z.infer<typeof tokenUsage>;
