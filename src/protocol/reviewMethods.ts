import * as z from "zod";
import { changeSelection, checkpoint, restoredFile, reviewedFile, skippedChange } from "./review.ts";
import { inThread } from "./shapes.ts";

/** The agent's changes, which a client lists, keeps and undoes, and the moments that files and threads are taken back to. */
export const reviewRequests = {
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
} as const;
