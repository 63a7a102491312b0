import { itemOfMessage, messageThatWaited } from "./messages.ts";
import type { JournalRecord } from "./store/records.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";

/** Puts the messages that steer the turn before the model, as items of the turn. Resolves when that is journalled. */
export async function takeSteers(thread: TurnThread, { turnId, deps, stop }: TurnPlace): Promise<void> {
  if (!thread.queue.steers(turnId)) return;
  await thread.queue.take(
    (waiting) => waiting.turnId === turnId,
    async (taken) => {
      const items = taken.map((waiting) => itemOfMessage(messageThatWaited(waiting), deps.clock.now()));
      const messages = taken.map(({ input }) => ({ turnId, input }));
      const records = items.map((item): JournalRecord => ({ type: "item", turnId, item }));
      await thread.context.addMessages(messages, records, stop.signal);
      for (const item of items) thread.record.tellMessage(turnId, item);
    },
  );
}
