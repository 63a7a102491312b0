import type * as z from "zod";
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

export type Params<M extends RequestMethod> = z.output<(typeof requests)[M]["params"]>;

/** What the server does for each method; `initialize` belongs to the session itself. */
export type Handlers = {
  [M in Exclude<RequestMethod, "initialize">]: (params: Params<M>, asker: Asker) => Promise<RequestResult<M>>;
};
