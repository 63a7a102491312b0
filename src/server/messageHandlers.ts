import type { Agent } from "../core/agent.ts";
import type { JournalledSettings } from "../core/store/records.ts";
import { AgentError } from "../protocol/errors.ts";
import type { Handlers, Params } from "./handler.ts";

type MessageMethod = "turn/start" | "turn/steer" | "turn/interrupt" | "thread/inject_items" | "thread/settings/update";

/** What begins, steers and ends a turn, and what holds for it. */
export function messageHandlers(agent: Agent): Pick<Handlers, MessageMethod> {
  return {
    async "turn/start"({ threadId, input, clientUserMessageId, outputSchema, ...change }, asker) {
      asker.hold();
      asker.subscribe(threadId);
      const settings = settingsOf(change);
      if (Object.keys(settings).length > 0) await agent.updateSettings(threadId, settings);
      const { turns, context } = await agent.loaded.open(threadId);
      if (outputSchema) context.holdAnswersTo(outputSchema);
      return { turn: await turns.start(agent.message(input, clientUserMessageId)) };
    },
    async "turn/steer"({ threadId, expectedTurnId, input, clientUserMessageId }, asker) {
      asker.hold();
      const { turns } = await agent.loaded.open(threadId);
      await turns.steer(agent.message(input, clientUserMessageId), expectedTurnId);
      return { turnId: expectedTurnId };
    },
    async "turn/interrupt"({ threadId, turnId }) {
      const { turns } = await agent.loaded.open(threadId);
      await turns.interrupt(turnId);
      return {};
    },
    async "thread/inject_items"({ threadId, items }) {
      const { turns, context } = await agent.loaded.open(threadId);
      await turns.apart(async () => {
        if (!context.hasBegun) throw new AgentError("invalid", "The thread has no messages yet. Send one first.");
        await context.append(items);
      });
      return {};
    },
    async "thread/settings/update"({ threadId, ...change }) {
      await agent.updateSettings(threadId, settingsOf(change));
      return {};
    },
  };
}

/** What of a thread's settings is to change: all that is given. */
function settingsOf({
  cwd,
  model,
  effort,
  approvalPolicy,
  sandboxPolicy,
  editReview,
}: Omit<Params<"thread/settings/update">, "threadId">): Partial<JournalledSettings> {
  return {
    ...(cwd ? { cwd } : {}),
    ...(model ? { model } : {}),
    ...(effort ? { effort } : {}),
    ...(approvalPolicy ? { approvalPolicy } : {}),
    ...(sandboxPolicy ? { sandboxPolicy } : {}),
    ...(editReview ? { editReview } : {}),
  };
}

/** The messages that wait. */
export function queueHandlers(agent: Agent): Pick<Handlers, Extract<keyof Handlers, `thread/queue/${string}`>> {
  return {
    async "thread/queue/add"({ threadId, input, clientUserMessageId }, asker) {
      asker.hold();
      const { turns } = await agent.loaded.open(threadId);
      asker.subscribe(threadId);
      return { queuedSubmission: await turns.enqueue(agent.message(input, clientUserMessageId)) };
    },
    async "thread/queue/list"({ threadId }) {
      const { queue } = await agent.loaded.open(threadId);
      return { data: [...queue.waiting], nextCursor: null };
    },
    async "thread/queue/update"({ threadId, queuedSubmissionId, input }, asker) {
      asker.hold();
      const { queue } = await agent.loaded.open(threadId);
      return { queuedSubmission: await queue.update(queuedSubmissionId, input) };
    },
    async "thread/queue/delete"({ threadId, queuedSubmissionId }, asker) {
      asker.hold();
      const { queue } = await agent.loaded.open(threadId);
      return { deleted: await queue.delete(queuedSubmissionId) };
    },
    async "thread/queue/reorder"({ threadId, queuedSubmissionIds }, asker) {
      asker.hold();
      const { queue } = await agent.loaded.open(threadId);
      await queue.reorder(queuedSubmissionIds);
      return {};
    },
    async "thread/queue/start"({ threadId, queuedSubmissionId }, asker) {
      asker.hold();
      asker.subscribe(threadId);
      const { turns } = await agent.loaded.open(threadId);
      return { turn: await turns.startQueued(queuedSubmissionId ?? undefined) };
    },
  };
}
