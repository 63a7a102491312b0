import type { Agent } from "../core/agent.ts";
import type { Thread } from "../core/thread.ts";
import type { Asker, Handlers } from "./handler.ts";

type OpeningMethod = "thread/start" | "thread/resume" | "thread/fork" | "thread/unsubscribe";
type ContextMethod = "thread/context/read" | "thread/compact/start" | "thread/revert";
type ThreadMethod =
  | "thread/list"
  | "thread/read"
  | "thread/name/set"
  | "thread/archive"
  | "thread/unarchive"
  | "thread/delete";

/** What makes a client hear of a thread, or no longer. */
export function openingHandlers(agent: Agent): Pick<Handlers, OpeningMethod> {
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
      void agent.changes.tell(threadId, (notification) => asker.notify(notification));
      return opened;
    },
    async "thread/fork"({ threadId, beforeTurnId, lastTurnId, ...options }, asker) {
      asker.hold();
      const thread = await agent.forkThread(threadId, { ...options, until: { beforeTurnId, lastTurnId } });
      asker.subscribe(thread.id);
      tellStanding(thread, asker);
      return thread.opened();
    },
    "thread/unsubscribe": async ({ threadId }, asker) => ({
      status: asker.unsubscribe(threadId) ? "unsubscribed" : "notSubscribed",
    }),
  };
}

/** What a client that joins is told beside the thread itself. */
function tellStanding(thread: Thread, asker: Asker): void {
  for (const notification of [thread.usageNotification(), thread.queueNotification()])
    if (notification) asker.notify(notification);
}

/** The threads as they are kept: listed, read, named, put away. */
export function threadHandlers(agent: Agent): Pick<Handlers, ThreadMethod> {
  return {
    async "thread/read"({ threadId, includeTurns }, asker) {
      const thread = await agent.readThread(threadId, () => asker.hold());
      return { thread: includeTurns ? thread : { ...thread, turns: [] } };
    },
    "thread/list": (params) => agent.listThreads(params),
    async "thread/name/set"({ threadId, name }) {
      await agent.renameThread(threadId, name);
      return {};
    },
    async "thread/archive"({ threadId }) {
      await agent.archiveThread(threadId, "archive");
      return {};
    },
    "thread/unarchive": async ({ threadId }) => ({ thread: await agent.archiveThread(threadId, "unarchive") }),
    async "thread/delete"({ threadId }) {
      await agent.deleteThread(threadId);
      return {};
    },
  };
}

/** What the model sees of a thread, and how that is made shorter. */
export function contextHandlers(agent: Agent): Pick<Handlers, ContextMethod> {
  return {
    "thread/context/read": ({ threadId, ...query }) => agent.readContext(threadId, query),
    async "thread/compact/start"({ threadId }, asker) {
      const { turns } = await agent.loaded.open(threadId);
      asker.hold();
      asker.subscribe(threadId);
      await turns.compact();
      return {};
    },
    async "thread/revert"({ threadId, beforeTurnId }, asker) {
      asker.hold();
      const thread = await agent.loaded.open(threadId);
      await thread.reverts.revert(beforeTurnId);
      return { thread: thread.snapshot() };
    },
  };
}
