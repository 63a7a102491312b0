import type { Agent } from "../core/agent.ts";
import type { AgentError } from "../protocol/errors.ts";
import type { Handlers } from "./handler.ts";
import { lookupHandlers, terminalHandlers } from "./lookups.ts";
import { messageHandlers, queueHandlers } from "./messageHandlers.ts";
import { reviewHandlers } from "./reviewHandlers.ts";
import { ruleHandlers } from "./ruleHandlers.ts";
import { contextHandlers, openingHandlers, threadHandlers } from "./threadHandlers.ts";

/** Where the key is kept. Whoever keeps it tells the server, by `keyChanged`, when it has changed. */
export interface Account {
  /** Rejects with AgentError what cannot be a key. The message has nothing of it. */
  login(apiKey: string): Promise<void>;
  /** Forgets the key. */
  logout(): Promise<void>;
}

/** The method table, wired to the agent. */
export function handlersFor(agent: Agent, account: Account): Handlers {
  return {
    ...openingHandlers(agent),
    ...threadHandlers(agent),
    ...contextHandlers(agent),
    ...messageHandlers(agent),
    ...queueHandlers(agent),
    ...lookupHandlers(agent),
    ...terminalHandlers(agent),
    ...reviewHandlers(agent),
    ...ruleHandlers(agent),
    ...accountHandlers(agent, account),
  };
}

function accountHandlers(
  agent: Agent,
  { login, logout }: Account,
): Pick<Handlers, "model/list" | "account/read" | "account/login/start" | "account/logout"> {
  return {
    "model/list": async () => ({ data: await agent.listModels(AbortSignal.timeout(30_000)), nextCursor: null }),
    "account/read": async () => ({
      account: (await agent.hasKey()) ? { type: "apiKey" } : null,
      requiresOpenaiAuth: true,
    }),
    async "account/login/start"({ apiKey }, asker) {
      asker.hold();
      await login(apiKey);
      asker.notify({ method: "account/login/completed", params: { loginId: null, success: true, error: null } });
      return { type: "apiKey" };
    },
    async "account/logout"(_params, asker) {
      asker.hold();
      await logout();
      return {};
    },
  };
}

/** The JSON-RPC error code of an AgentError: what the caller did wrong is -32600, what the server could not do -32603. */
export function isCallersFault({ code }: AgentError): boolean {
  return code !== "internal" && code !== "serverFailed" && code !== "connectionFailed";
}
