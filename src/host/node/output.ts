import type { Readable } from "node:stream";

/** How much is kept, in UTF-16 units, for a listener that has not come yet. Beyond it the process waits on its full pipe. */
const MAXIMUM_WAITING = 1024 * 1024;
/** The most that a pipe can hold, in bytes, so that all of it can be kept once the process has ended. */
const MAXIMUM_PIPE = 1024 * 1024;

/** The output of one process, decoded. Holds nothing but what came before the first listener. */
export class Output {
  /** Resolves when nothing more can come: every process that held the pipe has ended. */
  readonly closed: Promise<void>;
  readonly #streams: readonly Readable[];
  readonly #flush: (() => void)[] = [];
  #listener: ((text: string) => void) | undefined;
  #waiting: string[] = [];
  #waitingSize = 0;
  #limit = MAXIMUM_WAITING;
  #ended = false;

  constructor(streams: readonly Readable[]) {
    this.#streams = streams;
    this.closed = Promise.all(streams.map((stream) => this.#read(stream))).then(() => undefined);
  }

  /** The first listener gets everything; a later one replaces it. */
  listen(listener: (text: string) => void): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const text of waiting) listener(text);
    this.#resume();
  }

  /** The process has ended: what its pipe still holds is read even before a listener comes. */
  release(): void {
    this.#limit += MAXIMUM_PIPE;
    this.#resume();
  }

  /** Delivers what is left of a cut character, and nothing after it. What a process in the background still prints is read and dropped. */
  end(): void {
    if (this.#ended) return;
    for (const flush of this.#flush) flush();
    this.#ended = true;
    for (const stream of this.#streams) if ("unref" in stream && typeof stream.unref === "function") stream.unref();
    this.#resume();
  }

  #resume(): void {
    for (const stream of this.#streams) stream.resume();
  }

  #read(stream: Readable): Promise<void> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    this.#flush.push(() => this.#deliver(decoder.decode()));
    stream.on("data", (chunk: Buffer) => this.#deliver(decoder.decode(chunk, { stream: true })));
    return new Promise((resolve) => {
      stream.on("error", () => stream.destroy());
      stream.on("close", resolve);
    });
  }

  #deliver(text: string): void {
    if (text === "" || this.#ended) return;
    if (this.#listener !== undefined) {
      this.#listener(text);
      return;
    }
    this.#waiting.push(text);
    this.#waitingSize += text.length;
    if (this.#waitingSize > this.#limit) for (const stream of this.#streams) stream.pause();
  }
}
