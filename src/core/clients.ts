import type {
  ServerNotification,
  ServerRequestMethod,
  ServerRequestParams,
  ServerRequestResult,
} from "../protocol/methods.ts";

/** The surfaces that watch, as the agent sees them: it tells all of them, and asks whoever answers first. */
export interface Clients {
  /** Never throws and never waits. */
  notify(notification: ServerNotification): void;
  /** Whether a surface has the thread open, or asks something about it at this moment. */
  use(threadId: string): boolean;
  /**
   * Asks, and awaits the first answer. Resolves with undefined when there is nobody who could answer.
   * Rejects with `aborted` when the signal is; the question is then withdrawn everywhere.
   */
  ask<M extends ServerRequestMethod>(
    method: M,
    params: ServerRequestParams<M>,
    signal: AbortSignal,
  ): Promise<ServerRequestResult<M> | undefined>;
}
