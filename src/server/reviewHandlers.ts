import type { Agent } from "../core/agent.ts";
import { AgentError } from "../protocol/errors.ts";
import type { Handlers } from "./handler.ts";

type ReviewMethod = Extract<keyof Handlers, `change/${string}` | `checkpoint/${string}`>;

/** The agent's changes under review, and the moments that files can be taken back to. */
export function reviewHandlers({ changes }: Agent): Pick<Handlers, ReviewMethod> {
  return {
    "change/list": (params) => changes.list(params),
    "change/read": (params) => changes.read(params),
    "change/accept": (params) => changes.accept(params),
    "change/reject": (params) => changes.reject(params),
    "checkpoint/list": async () => ({ data: [], diskBytes: 0, maxDiskBytes: 0 }),
    "checkpoint/restore": async () => {
      throw new AgentError("unsupported", "There are no checkpoints.");
    },
  };
}
