import type { ServerNotification } from "../protocol/methods.ts";
import type { Clock } from "./clock.ts";
import { copyOf } from "./copy.ts";

/** How long small pieces are gathered before they are sent. */
export const FLUSH_MS = 16;
/** What is sent without waiting for the time. */
const FLUSH_CHARS = 4096;

type DeltaNotification = Extract<ServerNotification, { params: { delta: string } }>;

/** Gathers the small pieces of an item's text, so that a surface gets few and larger ones, in order. */
export class Deltas {
  readonly #clock: Clock;
  readonly #send: (notification: ServerNotification) => void;
  #pending: DeltaNotification | undefined;
  #timer: AbortController | undefined;

  constructor(clock: Clock, send: (notification: ServerNotification) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  push(next: DeltaNotification): void {
    if (next.params.delta === "") return;
    const pending = this.#pending;
    if (pending && continues(pending, next)) {
      pending.params.delta += next.params.delta;
    } else {
      this.flush();
      this.#pending = copyOf(next);
      this.#startTimer();
    }
    if (this.#pending && this.#pending.params.delta.length >= FLUSH_CHARS) this.flush();
  }

  /** Sends what is gathered; to be called before anything else is sent. */
  flush(): void {
    this.#timer?.abort();
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#send(pending);
  }

  #startTimer(): void {
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(FLUSH_MS, timer.signal).then(
      () => this.flush(),
      () => {},
    );
  }
}

function continues(one: DeltaNotification, next: DeltaNotification): boolean {
  const { delta: _one, ...first } = one.params;
  const { delta: _next, ...second } = next.params;
  return one.method === next.method && JSON.stringify(first) === JSON.stringify(second);
}
