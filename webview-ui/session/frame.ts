import type { Touched } from "../../src/protocol/threadView.ts";

/** What changed since the last frame. */
export interface Changes {
  /** Something outside the thread: the account, the models, the connection, another thread opened, turns taken back. */
  panel: boolean;
  /** The header, the status, the meter, the messages that wait, the changes under review. */
  thread: boolean;
  /** Turns whose list, plan, error or end changed. */
  turns: Set<string>;
  /** The turn of each item whose content changed. */
  items: Map<string, string>;
}

export type Change = Touched | { kind: "panel" };

/** Collects changes and hands them over once a frame, however many came. */
export class FrameQueue {
  readonly #flush: (changes: Changes) => void;
  readonly #schedule: (callback: () => void) => void;
  #pending: Changes | undefined;

  constructor(flush: (changes: Changes) => void, schedule: (callback: () => void) => void) {
    this.#flush = flush;
    this.#schedule = schedule;
  }

  add(change: Change): void {
    if (change.kind === "nothing") return;
    const changes = this.#collecting();
    if (change.kind === "panel" || change.kind === "turns") changes.panel = true;
    else if (change.kind === "thread" || change.kind === "queue" || change.kind === "changes") changes.thread = true;
    else if (change.kind === "item") changes.items.set(change.itemId, change.turnId);
    else changes.turns.add(change.turnId);
  }

  #collecting(): Changes {
    if (this.#pending) return this.#pending;
    this.#pending = { panel: false, thread: false, turns: new Set(), items: new Map() };
    this.#schedule(() => {
      const changes = this.#pending;
      this.#pending = undefined;
      if (changes) this.#flush(changes);
    });
    return this.#pending;
  }
}
