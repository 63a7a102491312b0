import type { Agent } from "../core/agent.ts";
import type { AgentError } from "../protocol/errors.ts";
import type { Handlers } from "./handler.ts";
import { lookupHandlers, terminalHandlers } from "./lookups.ts";
import { messageHandlers, queueHandlers } from "./messageHandlers.ts";
import { reviewHandlers } from "./reviewHandlers.ts";
import { contextHandlers, openingHandlers, threadHandlers } from "./threadHandlers.ts";

interface Account {
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
    ...accountHandlers(agent, account),
  };
}

function accountHandlers(
  agent: Agent,
  { logout }: Account,
): Pick<Handlers, "model/list" | "account/read" | "account/logout"> {
  return {
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

/** The JSON-RPC error code of an AgentError: what the caller did wrong is -32600, what the server could not do -32603. */
export function isCallersFault({ code }: AgentError): boolean {
  return code !== "internal" && code !== "serverFailed" && code !== "connectionFailed";
}
