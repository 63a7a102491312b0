import assert from "node:assert/strict";
import { test } from "node:test";
import { linesTransport } from "../../src/rpc/lines.ts";
import type { WireMessage } from "../../src/rpc/transport.ts";

const limits = { maxLineBytes: 64, maxWaitingChars: 200 };

async function* pieces(...given: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of given) yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
}

/** Reads to the end: what was delivered, and what was written back. */
async function read(input: AsyncIterable<Uint8Array>) {
  const written: string[] = [];
  const received: WireMessage[] = [];
  const transport = linesTransport({ input, write: async (text) => void written.push(text) }, limits);
  const closed = new Promise<void>((resolve) => transport.onClose(resolve));
  transport.onMessage((message) => received.push(message));
  await closed;
  return { received, written };
}

async function check(input: readonly (string | Uint8Array)[], received: unknown[], written: readonly RegExp[] = []) {
  const found = await read(pieces(...input));
  assert.deepEqual(found.received, received);
  assert.equal(found.written.length, written.length, found.written.join(""));
  for (const [index, pattern] of written.entries()) assert.match(found.written[index]!, pattern);
}

const bytes = new TextEncoder().encode('{"a":"€🙂"}\n');

test("a message a line", () => check(['{"a":1}\n{"b":2}\n'], [{ a: 1 }, { b: 2 }]));
test("a line in any pieces, also within a character", () =>
  check(
    [...bytes].map((_, at) => bytes.slice(at, at + 1)),
    [{ a: "€🙂" }],
  ));
test("CRLF, blank lines, and a last line without an end", () =>
  check(['\r\n\n{"a":1}\r\n  \n{"b":2}'], [{ a: 1 }, { b: 2 }]));
test("what is not JSON is answered, and reading goes on", () =>
  check(['{"a":\n{"b":2}\n'], [{ b: 2 }], [/^\{"id":null,"error":\{"code":-32700,"message":"Parse error: .+"\}\}\n$/]));
test("the answer does not repeat what was sent, which may hold a key", () =>
  check(
    ['sk-key\n{"a": sk-key}\n', '{"k":"kk" sk-key'],
    [],
    [/Parse error: Unexpected token 's'"/, /Parse error: Unexpected token 's'"/, /Parse error: [^k]+"/],
  ));
test("nor is what is not UTF-8", () => check([new Uint8Array([0x22, 0xff, 0x22, 0x0a])], [], [/-32700.*not UTF-8/]));
test("a batch is refused", () => check(['[{"id":1,"method":"m"}]\n'], [], [/-32600.*batches are not taken/]));
test("so is anything that is not an object", () => check(["null\n7\n"], [], [/-32600/, /-32600/]));
test("a line that is too long is refused, and the next one is read", () =>
  check([`{"a":"${"x".repeat(40)}`, "x".repeat(40), 'x"}\n{"b":2}\n'], [{ b: 2 }], [/-32600.*more than 64 bytes/]));
test("a line of the greatest length is read", () => check([`{"a":"${"x".repeat(56)}"}\n`], [{ a: "x".repeat(56) }]));

test("a stream that fails is closed", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield* pieces('{"a":1}\n');
    throw new Error("The pipe broke.");
  }
  assert.deepEqual((await read(failing())).received, [{ a: 1 }]);
});

/** A transport whose reader takes nothing until told to. */
function stuck(write: () => Promise<void>) {
  const input = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
  const transport = linesTransport({ input, write }, limits);
  let closed = 0;
  transport.onClose(() => closed++);
  return { transport, closed: () => closed };
}

test("sending waits for the reader", async () => {
  const taken = Promise.withResolvers<void>();
  const { transport } = stuck(() => taken.promise);
  let sent = false;
  const sending = transport.send({ a: 1 }).then(() => {
    sent = true;
  });
  await Promise.resolve();
  assert.equal(sent, false);
  taken.resolve();
  await sending;
});
test("a reader that never reads is left, before it costs much memory", async () => {
  const { transport, closed } = stuck(() => new Promise(() => {}));
  for (let at = 0; at < 10; at++) void transport.send({ a: "x".repeat(50) });
  assert.equal(closed(), 1);
});
test("a reader that is gone closes it", async () => {
  const { transport, closed } = stuck(() => Promise.reject(new Error("EPIPE")));
  await transport.send({ a: 1 });
  await transport.send({ a: 2 });
  assert.equal(closed(), 1);
});
