import { AgentError } from "../protocol/errors.ts";
import type { QueuedSubmission } from "../protocol/queue.ts";
import type { ThreadRecord } from "./threadRecord.ts";

/**
 * The messages of one thread that the model has not read yet, in order. One with a `turnId` steers that turn; the others wait until a turn
 * has completed. Changes happen one after another; each is journalled before it is told and before its promise resolves.
 */
export class Queue {
  readonly #record: ThreadRecord;
  #last: Promise<unknown> = Promise.resolve();

  constructor(record: ThreadRecord) {
    this.#record = record;
  }

  get waiting(): readonly QueuedSubmission[] {
    return this.#record.view.queue;
  }

  /** True when a message waits that steers this turn. */
  steers(turnId: string): boolean {
    return this.waiting.some((submission) => submission.turnId === turnId);
  }

  async add(submission: QueuedSubmission): Promise<void> {
    await this.#change((waiting) => [...waiting, submission]);
  }

  /** Gives a waiting message another text. Rejects with `notFound` when it waits no more. */
  async update(id: string, input: QueuedSubmission["input"]): Promise<QueuedSubmission> {
    const waiting = await this.#change((before) => {
      found(before, id);
      return before.map((submission) => (submission.id === id ? { ...submission, input } : submission));
    });
    return found(waiting, id);
  }

  /** False when it waits no more. */
  async delete(id: string): Promise<boolean> {
    let deleted = false;
    await this.#change((before) => {
      const rest = before.filter((submission) => submission.id !== id);
      deleted = rest.length < before.length;
      return rest;
    });
    return deleted;
  }

  /** Those that are named come first, in this order. */
  async reorder(ids: readonly string[]): Promise<void> {
    await this.#change((before) => {
      const named = ids.flatMap((id) => before.filter((submission) => submission.id === id));
      return [...named, ...before.filter((submission) => !named.includes(submission))];
    });
  }

  /** Lets a waiting message steer a turn. Rejects with `notFound` when it waits no more. */
  async steer(id: string, turnId: string): Promise<void> {
    await this.#change((before) => {
      found(before, id);
      return before.map((submission) => (submission.id === id ? { ...submission, turnId } : submission));
    });
  }

  /** Messages that this turn, which has ended, did not come to read wait again, before the others. */
  async release(turnId: string): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.steers(turnId)) return;
      const released = this.waiting.filter((submission) => submission.turnId === turnId);
      const rest = this.waiting.filter((submission) => submission.turnId !== turnId);
      await this.#set([...released.map(({ turnId: _turnId, ...submission }) => submission), ...rest]);
    });
  }

  /**
   * Hands the messages that fit to `use`, which keeps them elsewhere; they are taken out when it has resolved, and stay when it rejects.
   * Nothing else changes the queue meanwhile.
   */
  take(
    fits: (submission: QueuedSubmission) => boolean,
    use: (taken: readonly [QueuedSubmission, ...QueuedSubmission[]]) => Promise<void>,
  ): Promise<void> {
    return this.#inTurn(async () => {
      const [first, ...others] = this.waiting.filter(fits);
      if (!first) return;
      const taken = [first, ...others] as const;
      await use(taken);
      const rest = this.waiting.filter((submission) => !taken.includes(submission));
      // What was taken is an item by now, and waits no more after a restart either, whatever the journal says of the queue.
      await this.#record.keep({ type: "queue", waiting: rest }).catch(() => {});
      this.#tell(rest);
    });
  }

  #change(change: (before: readonly QueuedSubmission[]) => QueuedSubmission[]): Promise<readonly QueuedSubmission[]> {
    return this.#inTurn(() => this.#set(change(this.waiting)));
  }

  async #set(waiting: QueuedSubmission[]): Promise<readonly QueuedSubmission[]> {
    await this.#record.keep({ type: "queue", waiting });
    this.#tell(waiting);
    return waiting;
  }

  #tell(waiting: QueuedSubmission[]): void {
    this.#record.notify({
      method: "thread/queue/changed",
      params: { threadId: this.#record.view.thread.id, queuedSubmissions: waiting },
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

function found(waiting: readonly QueuedSubmission[], id: string): QueuedSubmission {
  const submission = waiting.find((submission) => submission.id === id);
  if (!submission)
    throw new AgentError("notFound", "That message does not wait any more: the agent has read it, or it was deleted.");
  return submission;
}
