import { rpcErrorCodes } from "./connection.ts";
import type { Transport, WireMessage } from "./transport.ts";

/** The two streams of a line-delimited channel, as whoever owns them hands them over. */
export interface LineStreams {
  /** What comes in, in pieces of any size. Its end, and its failure, close the transport. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Takes text and resolves when more may come. Rejects when the other end is gone, which closes the transport. */
  write(text: string): Promise<void>;
}

export interface LineLimits {
  /** The longest line that is read. */
  readonly maxLineBytes: number;
  /** What may wait for a reader that does not read; beyond it the transport closes. */
  readonly maxWaitingChars: number;
}

const MIB = 1024 * 1024;
/** A line may hold a picture of 10 MiB or two. */
const defaultLimits: LineLimits = { maxLineBytes: 32 * MIB, maxWaitingChars: 256 * MIB };

/**
 * One JSON message a line, in UTF-8. A line that is no message is answered with a JSON-RPC error without an id, and reading goes on.
 * Nothing is read before there is a listener.
 */
export function linesTransport({ input, write }: LineStreams, limits: LineLimits = defaultLimits): Transport {
  const closeListeners: (() => void)[] = [];
  let open = true;
  let waitingChars = 0;

  const close = () => {
    if (!open) return;
    open = false;
    for (const told of closeListeners) told();
  };
  const send = async (message: WireMessage) => {
    if (!open) return;
    const line = `${JSON.stringify(message)}\n`;
    waitingChars += line.length;
    if (waitingChars > limits.maxWaitingChars) return close();
    await write(line).catch(close);
    waitingChars -= line.length;
  };
  const read = async (listener: (message: WireMessage) => void) => {
    try {
      for await (const line of linesOf(input, limits.maxLineBytes)) {
        if (!open) return;
        const read = line === TOO_LONG ? tooLong(limits.maxLineBytes) : parseLine(line);
        if ("message" in read) listener(read.message);
        else if ("error" in read) await send({ id: null, error: read.error });
      }
    } finally {
      close();
    }
  };
  return {
    send,
    onMessage: (listener) => void read(listener).catch(() => {}),
    onClose(told) {
      closeListeners.push(told);
    },
    close,
  };
}

const TOO_LONG = Symbol("a line that is too long");
const NEWLINE = 0x0a;

/** The lines of a stream without their ends; a last one without an end counts. What is too long is not kept. */
async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | typeof TOO_LONG> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array) => {
    length += piece.length;
    if (length <= maxBytes) pieces.push(piece);
    else pieces = [];
  };
  const take = () => {
    const line = length > maxBytes ? TOO_LONG : joined(pieces, length);
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

type ReadLine =
  | { readonly message: WireMessage }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly blank: true };

function parseLine(bytes: Uint8Array): ReadLine {
  let value: unknown;
  try {
    const text = utf8.decode(bytes);
    if (text.trim() === "") return { blank: true };
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof SyntaxError ? withoutQuote(error.message) : "it is not UTF-8";
    return { error: { code: rpcErrorCodes.parseError, message: `Parse error: ${why}` } };
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { message: value as WireMessage };
  const what = Array.isArray(value) ? "batches are not taken; send one message a line" : "a message is a JSON object";
  return { error: { code: rpcErrorCodes.invalidRequest, message: `Invalid request: ${what}.` } };
}

/** Without the text around the fault, which may hold a key. */
function withoutQuote(message: string): string {
  return message.replace(/, (\.{3})?".*is not valid JSON$/s, "");
}

function tooLong(maxBytes: number): ReadLine {
  const message = `Invalid request: a line has more than ${maxBytes} bytes.`;
  return { error: { code: rpcErrorCodes.invalidRequest, message } };
}
