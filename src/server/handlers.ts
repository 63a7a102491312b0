import type * as z from "zod";
import type { Agent } from "../core/agent.ts";
import type { JournalledSettings } from "../core/store/records.ts";
import type { AgentError } from "../protocol/errors.ts";
import type { RequestMethod, RequestResult, requests, ServerNotification } from "../protocol/methods.ts";

/** What a handler knows of the client that asks. */
export interface Asker {
  /**
   * From now on the client is told and asked nothing before it has the answer to this request. Called where the answer is decided:
   * what the answer contains was told before it, and what comes later is told after it.
   */
  hold(): void;
  /** From now on the client is told of this thread and asked its questions. */
  subscribe(threadId: string): void;
  /** Tells this client alone. */
  notify(notification: ServerNotification): void;
  /** False when the client was not subscribed. */
  unsubscribe(threadId: string): boolean;
}

type Params<M extends RequestMethod> = z.output<(typeof requests)[M]["params"]>;

/** What the server does for each method; `initialize` belongs to the session itself. */
export type Handlers = {
  [M in Exclude<RequestMethod, "initialize">]: (params: Params<M>, asker: Asker) => Promise<RequestResult<M>>;
};

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
      const usage = thread.usageNotification();
      if (usage) asker.notify(usage);
      return opened;
    },
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
    "turn/start": async ({ threadId, input, clientUserMessageId, ...change }, asker) => {
      asker.hold();
      asker.subscribe(threadId);
      const settings = settingsOf(change);
      if (Object.keys(settings).length > 0) await agent.updateSettings(threadId, settings);
      return { turn: await agent.startTurn(threadId, input, clientUserMessageId ?? null) };
    },
    async "turn/interrupt"({ threadId, turnId }) {
      await agent.interruptTurn(threadId, turnId);
      return {};
    },
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

/** The JSON-RPC error code of an AgentError: what the caller did wrong is -32600, what the server could not do -32603. */
export function isCallersFault({ code }: AgentError): boolean {
  return code !== "internal" && code !== "serverFailed" && code !== "connectionFailed";
}
