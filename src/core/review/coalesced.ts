import type { Clock } from "../clock.ts";

/** Work that is asked for more often than it need be done: it begins at once, and again after a pause when it was asked for meanwhile. */
export class Coalesced {
  readonly #work: (key: string) => Promise<void>;
  readonly #pauseMs: number;
  readonly #clock: Clock;
  readonly #asked = new Set<string>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #end = new AbortController();

  /** The work never rejects. */
  constructor(work: (key: string) => Promise<void>, { pauseMs, clock }: { pauseMs: number; clock: Clock }) {
    this.#work = work;
    this.#pauseMs = pauseMs;
    this.#clock = clock;
  }

  ask(key: string): void {
    if (this.#end.signal.aborted) return;
    this.#asked.add(key);
    if (!this.#busy.has(key)) this.#busy.set(key, this.#go(key));
  }

  /** What is asked for from now on is not done. Resolves when all that goes on is over. */
  async dispose(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#busy.values());
  }

  async #go(key: string): Promise<void> {
    while (this.#asked.delete(key)) {
      await this.#work(key);
      await this.#clock.sleep(this.#pauseMs, this.#end.signal).catch(() => this.#asked.delete(key));
    }
    this.#busy.delete(key);
  }
}
