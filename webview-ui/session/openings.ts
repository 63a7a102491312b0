/** Which thread the panel is to show, and what has to be over before a message can be sent to it. */
export class Openings {
  #wanted: string | undefined;
  #count = 0;
  #underWay: Promise<void> | undefined;

  /** The thread that was asked for last; undefined for an empty panel. */
  get wanted(): string | undefined {
    return this.#wanted;
  }

  /** Another thread is asked for, or none. The answer tells whether nothing else was asked for since. */
  want(threadId: string | undefined): () => boolean {
    const count = ++this.#count;
    this.#wanted = threadId;
    return () => count === this.#count;
  }

  /** Is waited for, however it ends. */
  add<T>(work: Promise<T>): Promise<T> {
    const all = Promise.allSettled([this.#underWay, work]).then(() => {
      if (this.#underWay === all) this.#underWay = undefined;
    });
    this.#underWay = all;
    return work;
  }

  /** Resolves once nothing is under way: true when there was something to wait for. */
  async over(): Promise<boolean> {
    if (!this.#underWay) return false;
    while (this.#underWay) await this.#underWay;
    return true;
  }
}
