import type { Agent } from "../core/agent.ts";
import type { JournalledSettings } from "../core/store/records.ts";
import type { Thread } from "../core/thread.ts";
import { AgentError } from "../protocol/errors.ts";
import type { Asker, Handlers, Params } from "./handler.ts";
import { lookupHandlers, terminalHandlers } from "./lookups.ts";

/** The method table, wired to the agent. */
export function handlersFor(agent: Agent, { logout }: { logout: () => Promise<void> }): Handlers {
  return {
    async "thread/start"(params, asker) {
      asker.hold();
      const opened = await agent.startThread(params);
      asker.subscribe(opened.thread.id);
      return opened;
    },
    async "thread/resume"({ threadId, ...options }, asker) {
      const thread = await agent.resumeThread(threadId, options);
      const opened = thread.opened();
      asker.hold();
      asker.subscribe(threadId);
      tellStanding(thread, asker);
      return opened;
    },
    async "thread/fork"({ threadId, beforeTurnId, lastTurnId, ...options }, asker) {
      asker.hold();
      const thread = await agent.forkThread(threadId, { ...options, until: { beforeTurnId, lastTurnId } });
      asker.subscribe(thread.id);
      tellStanding(thread, asker);
      return thread.opened();
    },
    async "thread/revert"({ threadId, beforeTurnId }, asker) {
      asker.hold();
      const thread = await agent.thread(threadId);
      await thread.revert(beforeTurnId);
      return { thread: thread.snapshot() };
    },
    async "thread/compact/start"({ threadId }, asker) {
      const { turns } = await agent.thread(threadId);
      asker.hold();
      asker.subscribe(threadId);
      await turns.compact();
      return {};
    },
    async "thread/read"({ threadId, includeTurns }, asker) {
      const thread = await agent.readThread(threadId, () => asker.hold());
      return { thread: includeTurns ? thread : { ...thread, turns: [] } };
    },
    "thread/context/read": ({ threadId, ...query }) => agent.readContext(threadId, query),
    "thread/list": (params) => agent.listThreads(params),
    async "thread/name/set"({ threadId, name }) {
      await agent.renameThread(threadId, name);
      return {};
    },
    async "thread/archive"({ threadId }) {
      await agent.archiveThread(threadId, true);
      return {};
    },
    "thread/unarchive": async ({ threadId }) => ({ thread: await agent.archiveThread(threadId, false) }),
    async "thread/delete"({ threadId }) {
      await agent.deleteThread(threadId);
      return {};
    },
    "thread/unsubscribe": async ({ threadId }, asker) => ({
      status: asker.unsubscribe(threadId) ? "unsubscribed" : "notSubscribed",
    }),
    async "thread/settings/update"({ threadId, ...change }) {
      await agent.updateSettings(threadId, settingsOf(change));
      return {};
    },
    async "turn/interrupt"({ threadId, turnId }) {
      const { turns } = await agent.thread(threadId);
      await turns.interrupt(turnId);
      return {};
    },
    ...messageHandlers(agent),
    ...queueHandlers(agent),
    ...lookupHandlers(agent),
    ...terminalHandlers(agent),
    "model/list": async () => ({ data: await agent.listModels(AbortSignal.timeout(30_000)), nextCursor: null }),
    "account/read": async () => ({
      account: (await agent.hasKey()) ? { type: "apiKey" } : null,
      requiresOpenaiAuth: true,
    }),
    async "account/logout"() {
      await logout();
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
}: Omit<Params<"thread/settings/update">, "threadId">): Partial<JournalledSettings> {
  return {
    ...(cwd ? { cwd } : {}),
    ...(model ? { model } : {}),
    ...(effort ? { effort } : {}),
    ...(approvalPolicy ? { approvalPolicy } : {}),
    ...(sandboxPolicy ? { sandboxPolicy } : {}),
  };
}

/** What a client that joins is told beside the thread itself. */
function tellStanding(thread: Thread, asker: Asker): void {
  for (const notification of [thread.usageNotification(), thread.queueNotification()])
    if (notification) asker.notify(notification);
}

function messageHandlers(agent: Agent): Pick<Handlers, "turn/start" | "turn/steer" | "thread/inject_items"> {
  return {
    async "turn/start"({ threadId, input, clientUserMessageId, outputSchema, ...change }, asker) {
      asker.hold();
      asker.subscribe(threadId);
      const settings = settingsOf(change);
      if (Object.keys(settings).length > 0) await agent.updateSettings(threadId, settings);
      const { turns, context } = await agent.thread(threadId);
      if (outputSchema) context.holdAnswersTo(outputSchema);
      return { turn: await turns.start(agent.message(input, clientUserMessageId)) };
    },
    async "turn/steer"({ threadId, expectedTurnId, input, clientUserMessageId }, asker) {
      asker.hold();
      const { turns } = await agent.thread(threadId);
      await turns.steer(agent.message(input, clientUserMessageId), expectedTurnId);
      return { turnId: expectedTurnId };
    },
    async "thread/inject_items"({ threadId, items }) {
      const { turns, context } = await agent.thread(threadId);
      if (turns.isRunning)
        throw new AgentError("conflict", "A turn is running in this thread. Stop it, or wait for its end.");
      if (!context.hasBegun) throw new AgentError("invalid", "The thread has no messages yet. Send one first.");
      await context.append(items);
      return {};
    },
  };
}

function queueHandlers(agent: Agent): Pick<Handlers, Extract<keyof Handlers, `thread/queue/${string}`>> {
  return {
    async "thread/queue/add"({ threadId, input, clientUserMessageId }, asker) {
      asker.hold();
      const { turns } = await agent.thread(threadId);
      asker.subscribe(threadId);
      return { queuedSubmission: await turns.enqueue(agent.message(input, clientUserMessageId)) };
    },
    async "thread/queue/list"({ threadId }) {
      const { queue } = await agent.thread(threadId);
      return { data: [...queue.waiting], nextCursor: null };
    },
    async "thread/queue/update"({ threadId, queuedSubmissionId, input }, asker) {
      asker.hold();
      const { queue } = await agent.thread(threadId);
      return { queuedSubmission: await queue.update(queuedSubmissionId, input) };
    },
    async "thread/queue/delete"({ threadId, queuedSubmissionId }, asker) {
      asker.hold();
      const { queue } = await agent.thread(threadId);
      return { deleted: await queue.delete(queuedSubmissionId) };
    },
    async "thread/queue/reorder"({ threadId, queuedSubmissionIds }, asker) {
      asker.hold();
      const { queue } = await agent.thread(threadId);
      await queue.reorder(queuedSubmissionIds);
      return {};
    },
    async "thread/queue/start"({ threadId, queuedSubmissionId }, asker) {
      asker.hold();
      asker.subscribe(threadId);
      const { turns } = await agent.thread(threadId);
      return { turn: await turns.startQueued(queuedSubmissionId ?? undefined) };
    },
  };
}

/** The JSON-RPC error code of an AgentError: what the caller did wrong is -32600, what the server could not do -32603. */
export function isCallersFault({ code }: AgentError): boolean {
  return code !== "internal" && code !== "serverFailed" && code !== "connectionFailed";
}
