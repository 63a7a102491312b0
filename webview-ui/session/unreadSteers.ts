import type { ServerNotification } from "../../src/protocol/methods.ts";
import type { ThreadView } from "../../src/protocol/threadView.ts";

/** Notices messages that were to steer a turn which was stopped, or failed, before the agent read them. */
export class UnreadSteers {
  #steering = new Set<string>();
  #released = new Set<string>();

  /** Takes a notification after the view has been changed by it. At the end of such a turn returns how many of its messages wait now, else 0. */
  take(view: ThreadView | undefined, { method, params }: ServerNotification): number {
    if (!view || !("threadId" in params) || params.threadId !== view.thread.id) return 0;
    if (method === "thread/queue/changed") this.#changed(view);
    if (method !== "turn/completed") return 0;
    const waiting = view.queue.filter(({ id }) => this.#released.has(id)).length;
    this.#released.clear();
    return params.turn.status === "completed" ? 0 : waiting;
  }

  #changed({ queue }: ThreadView): void {
    for (const { id, turnId } of queue) if (turnId === undefined && this.#steering.has(id)) this.#released.add(id);
    this.#steering = new Set(queue.filter(({ turnId }) => turnId !== undefined).map(({ id }) => id));
  }
}
