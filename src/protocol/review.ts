import * as z from "zod";

/** Which call of the agent made a change. `itemId` is null for what a turn's commands did and none of them alone can be named for. */
export const changeAuthor = z.object({ threadId: z.string(), turnId: z.string(), itemId: z.string().nullable() });
export type ChangeAuthor = z.infer<typeof changeAuthor>;

/** Neighbouring lines that the agent changed and the user has neither kept nor undone. */
export const reviewHunk = z.object({
  /** Made of the lines before and after, so it stays the same while other lines change. */
  id: z.string(),
  /** The first of the lines in the baseline, counting from 1; when there are none, the line that they would stand before. */
  oldStart: z.int(),
  oldCount: z.int(),
  /** The lines in the baseline without their ends; the first 200 of them. */
  oldLines: z.array(z.string()),
  /** The same for the file as it is now; its lines are those of the file. */
  newStart: z.int(),
  newCount: z.int(),
  /** True when these lines were changed further after the agent's edit: undoing them takes that away, too. */
  edited: z.boolean(),
  authors: z.array(changeAuthor),
});
export type ReviewHunk = z.infer<typeof reviewHunk>;

/** A file with changes of the agent that the user has neither kept nor undone. */
export const reviewedFile = z.object({
  /** Absolute, as it is now, or was last when the file is gone. */
  path: z.string(),
  /** What became of the file since the baseline. */
  kind: z.enum(["add", "delete", "update"]),
  /** Where the file was in the baseline; null when it is there still. */
  movedFrom: z.string().nullable(),
  /** True when the file is not text, or too large: it has no hunks, and is kept or undone as a whole. */
  binary: z.boolean(),
  hunks: z.array(reviewHunk),
  /** Lines. */
  added: z.int(),
  removed: z.int(),
  authors: z.array(changeAuthor),
});
export type ReviewedFile = z.infer<typeof reviewedFile>;

/** Which changes are meant: those that fit all that is given. */
export const changeSelection = {
  threadId: z.string().nullish(),
  turnId: z.string().nullish(),
  path: z.string().nullish(),
  hunkIds: z.array(z.string()).nullish(),
};

/** A change that was left as it is. */
export const skippedChange = z.object({
  path: z.string(),
  /** Null when the file as a whole is meant. */
  hunkId: z.string().nullable(),
  /** `edited`: somebody changed it after the agent did, and that would be lost. `unknown`: there is no such hunk any more. `failed`: the file could not be written. */
  reason: z.enum(["edited", "unknown", "failed"]),
  /** For the user. */
  message: z.string(),
});
export type SkippedChange = z.infer<typeof skippedChange>;

/** A moment that files and thread can be taken back to. */
export const checkpoint = z.object({
  id: z.string(),
  threadId: z.string(),
  /** `turn`: before that turn's message was answered. `restore`: before another one was restored, so that this takes the restoring back. */
  kind: z.enum(["turn", "restore"]),
  turnId: z.string(),
  /** The checkpoint that was gone back to; when that one is of a restoring, too, this one took it back. Absent for a turn. */
  restoredId: z.string().optional(),
  /** Unix seconds. */
  createdAt: z.number(),
  /** False once its files were let go to save room: the thread can still be taken back, the files cannot. */
  hasFiles: z.boolean(),
  /** How many files changed between it and the end of its turn or restoring; null while that is not known. */
  changedFiles: z.int().nullable(),
});
export type Checkpoint = z.infer<typeof checkpoint>;

/** What restoring does, or would do, to one file. */
export const restoredFile = z.object({
  path: z.string(),
  kind: z.enum(["add", "delete", "update"]),
  /** `merged`: changes of the user in other places of the file stay. `conflict`: the user changed the same lines, so it was left alone. */
  outcome: z.enum(["restored", "merged", "conflict", "failed"]),
  /** For the user, with `conflict` and `failed`. */
  message: z.string().optional(),
});
export type RestoredFile = z.infer<typeof restoredFile>;

/** A file as the user wants it in place of the agent's proposal: its whole text. */
export const editedContent = z.object({ path: z.string(), text: z.string() });
export type EditedContent = z.infer<typeof editedContent>;
