import * as z from "zod";
import { userInput } from "./items.ts";

/**
 * A message of the user that the agent has not read yet. It is kept from the moment it is acknowledged, and becomes a `userMessage` item
 * with the same id when it is used.
 */
export const queuedSubmission = z.object({
  id: z.string(),
  /** The client's own id of the message. */
  clientUserMessageId: z.string(),
  input: z.array(userInput),
  /** An addition of Patchwright: the turn that it steers while that runs. Without one it waits until a turn has completed. */
  turnId: z.string().optional(),
});
export type QueuedSubmission = z.infer<typeof queuedSubmission>;
