import * as z from "zod";
import { userInput } from "./items.ts";
import { queuedSubmission } from "./queue.ts";
import { empty, inThread, inTurn, settingsChange } from "./shapes.ts";
import { turn } from "./threads.ts";

/** What a client says in a thread, now or later, and how it stops what answers. */
export const messageRequests = {
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
} as const;

/** The requests that change what waits to be said. */
export const queueChanges = [
  "thread/queue/add",
  "thread/queue/update",
  "thread/queue/delete",
  "thread/queue/reorder",
  "thread/queue/start",
] as const satisfies readonly (keyof typeof messageRequests)[];
