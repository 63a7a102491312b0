import { applyNotification } from "../protocol/applyNotification.ts";
import type { ItemOf, ThreadItem } from "../protocol/items.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { ThreadView } from "../protocol/threadView.ts";
import { copyOf } from "./copy.ts";
import { Deltas } from "./deltas.ts";
import type { ItemDelta } from "./liveItem.ts";
import type { Journal } from "./store/journal.ts";
import type { JournalRecord } from "./store/records.ts";
import type { ThreadDeps } from "./threadDeps.ts";

/**
 * What a thread says and keeps: each notification goes into the thread's own view and to the surfaces, in one order; each completed item
 * into the journal before it is told.
 */
export class ThreadRecord {
  readonly view: ThreadView;
  readonly journal: Journal;
  readonly #deps: Pick<ThreadDeps, "clients" | "clock">;
  readonly #deltas: Deltas;

  constructor(view: ThreadView, journal: Journal, deps: Pick<ThreadDeps, "clients" | "clock">) {
    this.view = view;
    this.journal = journal;
    this.#deps = deps;
    this.#deltas = new Deltas(deps.clock, (notification) => this.#tell(notification));
  }

  notify(notification: ServerNotification): void {
    this.#deltas.flush();
    this.#tell(notification);
  }

  started(turnId: string, item: ThreadItem): void {
    const startedAtMs = item.startedAtMs ?? this.#deps.clock.now();
    this.notify({ method: "item/started", params: { threadId: this.#id, turnId, item, startedAtMs } });
  }

  /** A message of the user that is journalled already. */
  tellMessage(turnId: string, item: ItemOf<"userMessage">): void {
    this.started(turnId, { ...item, completedAtMs: null });
    this.#tellCompleted(turnId, item);
  }

  /** Resolves when the item is journalled; only then are the surfaces told. */
  async completed(turnId: string, item: ThreadItem): Promise<void> {
    await this.journal.append({ type: "item", turnId, item });
    this.#tellCompleted(turnId, item);
  }

  /** The same for what is over whether or not it can be kept: the surfaces are told at once. */
  async ended(turnId: string, item: ThreadItem): Promise<void> {
    this.#tellCompleted(turnId, item);
    await this.journal.append({ type: "item", turnId, item });
  }

  delta(turnId: string, { method, ...rest }: ItemDelta): void {
    this.#deltas.push({ method, params: { threadId: this.#id, turnId, ...rest } } as Parameters<Deltas["push"]>[0]);
  }

  output(turnId: string, itemId: string, delta: string): void {
    this.#deltas.push({
      method: "item/commandExecution/outputDelta",
      params: { threadId: this.#id, turnId, itemId, delta },
    });
  }

  keep(...records: readonly JournalRecord[]): Promise<void> {
    return this.journal.append(...records);
  }

  /** Sends what was gathered, so that the view is complete. */
  flush(): void {
    this.#deltas.flush();
  }

  #tellCompleted(turnId: string, item: ThreadItem): void {
    const completedAtMs = item.completedAtMs ?? this.#deps.clock.now();
    this.notify({ method: "item/completed", params: { threadId: this.#id, turnId, item, completedAtMs } });
  }

  get #id(): string {
    return this.view.thread.id;
  }

  /** Surfaces get their own copy from the transport; the view keeps one that nobody else changes. */
  #tell(notification: ServerNotification): void {
    this.#deps.clients.notify(notification);
    applyNotification(this.view, copyOf(notification));
  }
}
