/** One listener that may come late: what came before it is delivered first. */
export class LateListener<T> {
  #listener: ((value: T) => void) | undefined;
  #early: T[] = [];

  listen(listener: (value: T) => void): void {
    this.#listener = listener;
    for (const value of this.#early.splice(0)) listener(value);
  }

  deliver(value: T): void {
    if (this.#listener) this.#listener(value);
    else this.#early.push(value);
  }
}
