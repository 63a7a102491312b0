/** Runs what was given last for each key, at once and then not more often than once in a while. */
export class Throttle {
  readonly #everyMs: number;
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout; next: (() => void) | undefined }>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  run(key: string, work: () => void): void {
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.next = work;
    else {
      this.#wait(key);
      work();
    }
  }

  /** Forgets what waits for the key. */
  cancel(key: string): void {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }

  dispose(): void {
    for (const key of [...this.#waiting.keys()]) this.cancel(key);
  }

  #wait(key: string): void {
    const timer = setTimeout(() => {
      const next = this.#waiting.get(key)?.next;
      this.#waiting.delete(key);
      if (next) this.run(key, next);
    }, this.#everyMs);
    this.#waiting.set(key, { timer, next: undefined });
  }
}
