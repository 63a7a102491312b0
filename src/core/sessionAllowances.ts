import type { FrozenApproval } from "./policy/frozenApproval.ts";

/** What the user allowed for the session in one thread. It is not kept: it ends with the host, and outlasts that the thread is let go meanwhile. */
export interface SessionAllowance {
  /** Calls, by key. */
  readonly calls: Map<string, FrozenApproval | undefined>;
  readonly hosts: Set<string>;
}

export class SessionAllowances {
  readonly #threads = new Map<string, SessionAllowance>();

  of(threadId: string): SessionAllowance {
    const known = this.#threads.get(threadId) ?? { calls: new Map(), hosts: new Set() };
    this.#threads.set(threadId, known);
    return known;
  }

  forget(threadId: string): void {
    this.#threads.delete(threadId);
  }
}
