import * as z from "zod";
import { commandAction } from "./items.ts";
import { editedContent, reviewedFile } from "./review.ts";

/**
 * What the user may answer. `decline` goes back to the model and the turn continues; `cancel` interrupts the turn.
 * `acceptForSession` covers the same argv and cwd (for edits: the same files) in the same thread until the host ends.
 */
export const decision = z.enum(["accept", "acceptForSession", "decline", "cancel"]);
export type Decision = z.infer<typeof decision>;

const asked = {
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  startedAtMs: z.number(),
  /** Why, in the agent's words. */
  reason: z.string().nullish(),
};

export const commandApprovalParams = z.object({
  ...asked,
  kind: z.enum(["command", "writeStdin"]).optional(),
  command: z.string().nullish(),
  cwd: z.string().nullish(),
  commandActions: z.array(commandAction).nullish(),
  /** The buttons to show, in this order. */
  availableDecisions: z.array(decision).nullish(),
});

export const fileChangeApprovalParams = z.object({
  ...asked,
  grantRoot: z.null().optional(),
  /** An addition of Patchwright: the proposal as it would be under review, with its hunks. `newStart` counts in the proposed text. */
  files: z.array(reviewedFile).optional(),
});

export const approvalAnswer = z.object({
  decision,
  /** With `decline`: what the model should know or do instead. An addition of Patchwright. */
  feedback: z.string().optional(),
  /** Additions of Patchwright to the acceptance of a file change. The hunks that are made, of those that were asked about; the others are not. */
  acceptedHunks: z.array(z.string()).optional(),
  /** Files that the user changed in the proposal. A hunk that is not among `acceptedHunks` is taken out of the text, unless the user changed it. */
  editedContent: z.array(editedContent).optional(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswer>;
