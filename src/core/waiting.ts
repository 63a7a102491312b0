import type { ThreadStatus } from "../protocol/threads.ts";

/** What a thread is doing, as its surfaces are told: it waits for its user as long as a question is open, and several may be at once. */
export class Waiting {
  readonly #tell: (status: ThreadStatus) => void;
  readonly #isRunning: () => boolean;
  #open = 0;

  /** `isRunning` says whether a turn runs. A command that was left in the background may ask when none does. */
  constructor(tell: (status: ThreadStatus) => void, isRunning: () => boolean) {
    this.#tell = tell;
    this.#isRunning = isRunning;
  }

  async during<T>(ask: () => Promise<T>): Promise<T> {
    this.#open++;
    if (this.#open === 1) this.tell();
    try {
      return await ask();
    } finally {
      this.#open--;
      if (this.#open === 0) this.tell();
    }
  }

  tell(): void {
    if (this.#open > 0) this.#tell({ type: "active", activeFlags: ["waitingOnApproval"] });
    else this.#tell(this.#isRunning() ? { type: "active", activeFlags: [] } : { type: "idle" });
  }
}
