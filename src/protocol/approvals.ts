import * as z from "zod";
import { commandAction } from "./items.ts";
import { editedContent, reviewedFile } from "./review.ts";

/**
 * What the user may answer. `decline` goes back to the model and the turn continues; `cancel` interrupts the turn.
 * `acceptForSession` covers the same argv and cwd (for edits: the same files; for a host: that host and port) in the same thread until the host ends.
 */
export const decision = z.enum(["accept", "acceptForSession", "decline", "cancel"]);
export type Decision = z.infer<typeof decision>;

/** The same for a command, which can also be allowed always: all commands that begin with these words, or connections to a host as a rule names it. */
export const commandDecision = z.union([
  decision,
  z.object({ acceptWithExecpolicyAmendment: z.object({ execpolicy_amendment: z.array(z.string()).min(1) }) }),
  z.object({
    applyNetworkPolicyAmendment: z.object({
      network_policy_amendment: z.object({ host: z.string(), action: z.enum(["allow", "deny"]) }),
    }),
  }),
]);
export type CommandDecision = z.infer<typeof commandDecision>;

const asked = {
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  startedAtMs: z.number(),
  /** Why, in the agent's words. */
  reason: z.string().nullish(),
};

/** What a command may do once it is allowed. An addition of Patchwright. */
export const commandRights = z.object({
  /** False for one that runs with all the user's rights. */
  confined: z.boolean(),
  /** Absolute folders, when it is confined. */
  writableRoots: z.array(z.string()),
  network: z.enum(["off", "asks", "on"]),
});
export type CommandRights = z.infer<typeof commandRights>;

export const commandApprovalParams = z.object({
  ...asked,
  kind: z.enum(["command", "writeStdin"]).optional(),
  command: z.string().nullish(),
  cwd: z.string().nullish(),
  commandActions: z.array(commandAction).nullish(),
  /** The buttons to show, in this order. */
  availableDecisions: z.array(commandDecision).nullish(),
  /** What "always" would cover; absent where that is not offered. */
  proposedExecpolicyAmendment: z.array(z.string()).nullish(),
  /** Present when a command that runs already wants to reach a host; `command` is that command. */
  networkApprovalContext: z
    .object({
      host: z.string(),
      protocol: z.enum(["http", "https"]),
      /** Where it is not the protocol's own. An addition of Patchwright. */
      port: z.int().optional(),
    })
    .nullish(),
  proposedNetworkPolicyAmendments: z.array(z.object({ host: z.string(), action: z.enum(["allow", "deny"]) })).nullish(),
  /** Additions of Patchwright. */
  rights: commandRights.optional(),
  /** What in the command could mislead, or differs from what was allowed before, in sentences for the user. */
  warnings: z.array(z.string()).optional(),
});

export const fileChangeApprovalParams = z.object({
  ...asked,
  grantRoot: z.null().optional(),
  /** An addition of Patchwright: the buttons to show; all of them where it is absent. */
  availableDecisions: z.array(decision).optional(),
  /** An addition of Patchwright: the proposal as it would be under review, with its hunks. `newStart` counts in the proposed text. */
  files: z.array(reviewedFile).optional(),
});

/** With `decline`: what the model should know or do instead. An addition of Patchwright. */
const feedback = z.string().optional();

export const commandApprovalAnswer = z.object({
  decision: commandDecision,
  feedback,
  /** With an amendment: whether the rule holds in this workspace or everywhere. Everywhere unless given. An addition of Patchwright. */
  ruleScope: z.enum(["workspace", "user"]).optional(),
});
export type CommandApprovalAnswer = z.infer<typeof commandApprovalAnswer>;

export const fileChangeApprovalAnswer = z.object({
  decision,
  feedback,
  /** Additions of Patchwright to the acceptance of a file change. The hunks that are made, of those that were asked about; the others are not. */
  acceptedHunks: z.array(z.string()).optional(),
  /** Files that the user changed in the proposal. A hunk that is not among `acceptedHunks` is taken out of the text, unless the user changed it. */
  editedContent: z.array(editedContent).optional(),
});
export type FileChangeApprovalAnswer = z.infer<typeof fileChangeApprovalAnswer>;

/** Reading a file that may hold credentials. */
export const readApprovalParams = z.object({
  ...asked,
  cwd: z.string(),
  permissions: z.object({ fileSystem: z.object({ read: z.array(z.string()) }) }),
});

/** It is allowed when what is granted has all that was asked for; `permissions: {}` declines. */
export const readApprovalAnswer = z.object({
  permissions: z.object({ fileSystem: z.object({ read: z.array(z.string()).nullish() }).nullish() }),
  /** How long the agent may read the file again: until the turn or the host ends. The turn, unless given. */
  scope: z.enum(["turn", "session"]).optional(),
  feedback,
  /** Declines and interrupts the turn. An addition of Patchwright. */
  cancel: z.boolean().optional(),
});
export type ReadApprovalAnswer = z.infer<typeof readApprovalAnswer>;

/** A tool that another program brings. `_meta.tool_params` are its arguments, whole and as they are sent. */
export const toolApprovalParams = z.object({
  /** `itemId`, `startedAtMs` and `reason` are additions of Patchwright here. */
  ...asked,
  serverName: z.string(),
  mode: z.literal("form"),
  message: z.string(),
  requestedSchema: z.object({ type: z.literal("object"), properties: z.object({}) }),
  _meta: z.object({
    codex_approval_kind: z.literal("mcp_tool_call"),
    tool_name: z.string(),
    tool_title: z.string(),
    /** The words of the program that brings the tool: they prove nothing. */
    tool_description: z.string(),
    tool_params: z.record(z.string(), z.unknown()),
    /** What an acceptance may be made to last for. */
    persist: z.literal("session"),
  }),
});

export const toolApprovalAnswer = z.object({
  action: z.enum(["accept", "decline", "cancel"]),
  content: z.unknown().optional(),
  /** With "session" the very same call is not asked about again in the thread until the host ends. */
  _meta: z.object({ persist: z.unknown().optional() }).nullish(),
  feedback,
});
export type ToolApprovalAnswer = z.infer<typeof toolApprovalAnswer>;

export type ApprovalAnswer = CommandApprovalAnswer | FileChangeApprovalAnswer | ReadApprovalAnswer | ToolApprovalAnswer;
