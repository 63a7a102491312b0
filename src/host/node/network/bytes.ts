import { constants, type Http2Stream } from "node:http2";
import { Duplex } from "node:stream";

/**
 * A stream of HTTP/2 as one that may be written to in any way. Writing to these streams themselves, strings that wait together with other pieces
 * arrive as whatever stands in memory by then; here each piece is made bytes and waits until the one before it was taken.
 */
export class ByteStream extends Duplex {
  readonly #stream: Http2Stream;
  /** When a stream is cut, node: ends it as if it had come to its end: so this is known only here. */
  #ending: "no" | "begun" | "done" = "no";

  constructor(stream: Http2Stream) {
    super({ allowHalfOpen: true, decodeStrings: true });
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.on("end", () => this.push(null));
    stream.on("error", () => this.destroy());
    stream.on("close", () => {
      if (!stream.readableEnded || this.#ending === "no") this.destroy();
    });
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#ending = "begun";
    this.#stream.end(() => {
      this.#ending = "done";
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // One that has ended both ways may still be sending what it was given.
    if (!this.#stream.readableEnded || this.#ending !== "done") this.#stream.close(constants.NGHTTP2_CANCEL);
    done(error);
  }
}
