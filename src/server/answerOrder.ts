import { queueChanges } from "../protocol/messageMethods.ts";
import type { RequestMethod } from "../protocol/methods.ts";
import type { IncomingRequest } from "../rpc/connection.ts";

/**
 * Methods whose answer must fit what is told around it. They are answered one after another: what is held back for one answer must be
 * told before the next one is made, which may contain it.
 */
export const ONE_BY_ONE: ReadonlySet<string> = new Set<RequestMethod>([
  "thread/start",
  "thread/resume",
  "thread/fork",
  "thread/read",
  "thread/revert",
  "thread/compact/start",
  ...queueChanges,
  "turn/start",
  "turn/steer",
]);

type Answered = Pick<IncomingRequest, "afterAnswer">;

/** In which order one client gets answers, and what it is told and asked around them. */
export class AnswerOrder {
  #isHolding = false;
  #held: (() => void)[] = [];
  /** Resolves when the newest of the requests that wait for each other is answered. */
  #answered: Promise<void> = Promise.resolve();

  /** Resolves when all earlier requests that wait for each other are answered. */
  async turnOf(request: Answered): Promise<void> {
    const before = this.#answered;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answered = promise;
    request.afterAnswer(resolve);
    await before;
  }

  /** Holds back what is sent from now on, until the request is answered. */
  hold(request: Answered): void {
    this.#isHolding = true;
    request.afterAnswer(() => this.#release());
  }

  /** Calls `send` at once, or when what is held back may go. */
  send(send: () => void): void {
    if (this.#isHolding) this.#held.push(send);
    else send();
  }

  #release(): void {
    this.#isHolding = false;
    for (const send of this.#held.splice(0)) send();
  }
}
