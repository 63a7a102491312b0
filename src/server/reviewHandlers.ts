import type { Agent } from "../core/agent.ts";
import type { Handlers } from "./handler.ts";

type ReviewMethod = Extract<keyof Handlers, `change/${string}` | `checkpoint/${string}`>;

/** The agent's changes under review, and the moments that files can be taken back to. */
export function reviewHandlers(agent: Agent): Pick<Handlers, ReviewMethod> {
  const { changes } = agent;
  return {
    "change/list": (params) => changes.list(params),
    "change/read": (params) => changes.read(params),
    "change/accept": (params) => changes.accept(params),
    "change/reject": (params) => changes.reject(params),
    "checkpoint/list": ({ threadId }) => agent.listCheckpoints(threadId),
    async "checkpoint/restore"(params, asker) {
      const thread = await agent.loaded.open(params.threadId);
      return thread.reverts.restoreTo(params, () => asker.hold());
    },
  };
}
