import type { Host } from "../../../src/host/host.ts";
import { createApply } from "../../../src/host/node/apply.ts";
import { realDisk } from "../../../src/host/node/disk.ts";
import type { Storage } from "../../../src/host/storage.ts";

/** At which write everything stops, counting from 1, and how much of that write is still done. */
export interface StopAt {
  readonly write: number;
  readonly kind: "before" | "middle" | "after";
}

interface Write<T> {
  readonly name: string;
  whole(): Promise<T>;
  /** Only a part of it, as when a process ends meanwhile. */
  half(): Promise<unknown>;
}

/**
 * Lets writes pass until one of them, at which it closes for good: whoever comes then waits for ever. Ended by SIGKILL, a process leaves behind
 * what it would have left behind had it been killed at that write.
 */
export class Gate {
  /** What passed, the last one included. */
  readonly names: string[] = [];
  readonly closed: Promise<void>;
  readonly #stop: StopAt | undefined;
  /** Those who wait for ever: kept, since collecting them would close the files that they hold open. */
  readonly #waiting: unknown[] = [];
  #isClosed = false;
  readonly #close: () => void;

  constructor(stop: StopAt | undefined) {
    this.#stop = stop;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#close = resolve;
  }

  /** The host behind this gate, which keeps its storage there. */
  around(host: Host, storage: Storage): Host {
    const nothing = async () => {};
    const apply = createApply({
      rename: (from, to) => this.#pass({ name: "rename", whole: () => realDisk.rename(from, to), half: nothing }),
      sync: (file) => this.#pass({ name: "sync", whole: () => realDisk.sync(file), half: nothing }),
    });
    return {
      ...host,
      files: { ...host.files, apply },
      processes: {
        ...host.processes,
        spawn: (...args) => (this.#isClosed ? this.#forEver() : host.processes.spawn(...args)),
      },
      storage: {
        ...storage,
        append: (name, text) =>
          this.#pass({
            name: `append ${name}`,
            whole: () => storage.append(name, text),
            half: () => storage.append(name, text.slice(0, text.length / 2)),
          }),
        write: (name, text) =>
          this.#pass({ name: `write ${name}`, whole: () => storage.write(name, text), half: nothing }),
      },
    };
  }

  async #pass<T>({ name, whole, half }: Write<T>): Promise<T> {
    if (this.#isClosed) return this.#forEver();
    this.names.push(name);
    if (this.names.length !== this.#stop?.write) return whole();
    this.#isClosed = true;
    if (this.#stop.kind === "middle") await half();
    if (this.#stop.kind === "after") await whole();
    this.#close();
    return this.#forEver();
  }

  #forEver<T>(): Promise<T> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
