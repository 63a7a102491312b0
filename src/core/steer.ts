import type { ItemOf, UserInput } from "../protocol/items.ts";
import type { QueuedSubmission } from "../protocol/queue.ts";
import type { JournalRecord } from "./store/records.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";

/** The item that a message of the user is in its turn. */
export function userMessageOf(
  { id, clientId, input }: { id: string; clientId: string | null; input: readonly UserInput[] },
  nowMs: number,
): ItemOf<"userMessage"> {
  return { type: "userMessage", id, clientId, content: [...input], startedAtMs: nowMs, completedAtMs: nowMs };
}

/** Puts the messages that steer the turn before the model, as items of the turn. Resolves when that is journalled. */
export async function takeSteers(thread: TurnThread, { turnId, deps, stop }: TurnPlace): Promise<void> {
  if (!thread.queue.steers(turnId)) return;
  await thread.queue.take(
    (waiting) => waiting.turnId === turnId,
    async (taken) => {
      const items = taken.map((waiting) => itemOf(waiting, deps.clock.now()));
      const messages = taken.map(({ input }) => ({ turnId, input }));
      const records = items.map((item): JournalRecord => ({ type: "item", turnId, item }));
      await thread.context.addMessages(messages, records, stop.signal);
      for (const item of items) thread.record.tellMessage(turnId, item);
    },
  );
}

function itemOf({ id, clientUserMessageId, input }: QueuedSubmission, nowMs: number): ItemOf<"userMessage"> {
  return userMessageOf({ id, clientId: clientUserMessageId, input }, nowMs);
}
