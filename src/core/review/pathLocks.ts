/** Work on files, one piece after the other for each path. */
export class PathLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs the work once all earlier work on any of these paths is over. Work must not wait for further work on its own paths. */
  run<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
    const result = Promise.all(paths.map((path) => this.#tails.get(path))).then(work);
    const tail = result.then(ignore, ignore).then(() => {
      for (const path of paths) if (this.#tails.get(path) === tail) this.#tails.delete(path);
    });
    for (const path of paths) this.#tails.set(path, tail);
    return result;
  }

  /** Resolves when no work is left. */
  async settled(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }
}

function ignore(): void {}
