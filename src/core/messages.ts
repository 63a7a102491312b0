import type { ItemOf, UserInput } from "../protocol/items.ts";
import type { QueuedSubmission } from "../protocol/queue.ts";

/** What the user says, under the id that it has while it waits and as an item of its turn. */
export interface UserMessage {
  readonly id: string;
  /** The client's own id of it, when it gave one. */
  readonly clientId: string | null;
  readonly input: readonly UserInput[];
}

/** The message as an item of its turn. */
export function itemOfMessage({ id, clientId, input }: UserMessage, nowMs: number): ItemOf<"userMessage"> {
  return { type: "userMessage", id, clientId, content: [...input], startedAtMs: nowMs, completedAtMs: nowMs };
}

/** The message while it waits: for a turn to complete, or to steer the turn that is named. The protocol wants an id of the client's: ours stands in. */
export function waitingMessage({ id, clientId, input }: UserMessage, turnId?: string): QueuedSubmission {
  return { id, clientUserMessageId: clientId ?? id, input: [...input], ...(turnId ? { turnId } : {}) };
}

/** The message that waited. */
export function messageThatWaited({ id, clientUserMessageId, input }: QueuedSubmission): UserMessage {
  return { id, clientId: clientUserMessageId === id ? null : clientUserMessageId, input };
}
