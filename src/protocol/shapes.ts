import * as z from "zod";
import { approvalPolicy, editReview, reasoningEffort, sandboxPolicy } from "./settings.ts";

export const empty = z.object({});
/** What a method without parameters is sent with. */
export const nothing = z.union([z.null(), z.undefined(), empty]);
export const inThread = { threadId: z.string() };
export const inTurn = { threadId: z.string(), turnId: z.string() };
export const inItem = { ...inTurn, itemId: z.string() };

export const page = { cursor: z.string().nullish(), limit: z.int().min(1).nullish() };
export const sortDirection = z.enum(["asc", "desc"]).nullish();
export const cursors = { nextCursor: z.string().nullish(), backwardsCursor: z.string().nullish() };

export const settingsChange = {
  cwd: z.string().nullish(),
  model: z.string().nullish(),
  effort: reasoningEffort.nullish(),
  approvalPolicy: approvalPolicy.nullish(),
  sandboxPolicy: sandboxPolicy.nullish(),
  editReview: editReview.nullish(),
};
