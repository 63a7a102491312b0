import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { answerEvents, encodeEvent } from "../../../src/core/model/demo/events.ts";
import { call, message, type Output, reasoning } from "../../../src/core/model/demo/output.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import {
  cutAfter,
  cutAfterBytes,
  encoded,
  failed,
  hang,
  hangAfter,
  hold,
  incomplete,
  leftOpen,
  raw,
} from "../../support/modelServerReply.ts";
import { requestBody } from "../../support/modelServerRequest.ts";
import { collect, createClient, cut, piecesFetch, serve } from "./harness.ts";

const outputs: readonly Output[] = [
  reasoning("Räson 🧠 erst."),
  message("Grüße 👋 aus Zürich."),
  call("f", { ä: "ß" }),
];
const guard = { timeout: 10_000 };

function textOf(events: readonly ResponseStreamEvent[]): string {
  return events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
}

/** The bytes of a whole answer. */
function streamOf(...said: readonly Output[]): string {
  const request = JSON.parse(requestBody({ reasoning: { summary: "auto" } }));
  const answer = { id: "0001", request, outputs: said, ending: { type: "completed" } } as const;
  return answerEvents({ ...answer, inputTokens: { total: 0, cached: 0 }, createdAt: 0 })
    .map(encodeEvent)
    .join("");
}

const eventCount = streamOf(...outputs).split("\n\n").length - 1;

test("yields the events of an answer as the server sent them", async (t) => {
  const { client, server } = await serve(t, { script: [outputs] });
  const { events, error } = await collect(client, requestBody({ reasoning: { summary: "auto" } }));
  assert.equal(error, undefined);
  assert.equal(events.length, eventCount);
  assert.equal(textOf(events), "Grüße 👋 aus Zürich.");
  assert.equal(events.at(-1)?.type, "response.completed");
  assert.equal(await server.requests[0]!.ended, "finished");
});

test("sends the bytes that it was given, with the key and nothing from the environment", async (t) => {
  const { client, server } = await serve(t, { script: [message("Hi")] });
  const odd = requestBody().replace('"stream":true', '"stream" :  true');
  await collect(client, odd);
  const { body, headers } = server.requests[0]!;
  assert.equal(body, odd);
  assert.equal(headers.authorization, "Bearer test-key");
  assert.equal(headers["openai-organization"], undefined);
});

test("lists the models in the server's order", async (t) => {
  const { client } = await serve(t, { models: ["b", "a"] });
  assert.deepEqual(await client.listModels(new AbortController().signal), ["b", "a"]);
});

for (let after = 0; after < eventCount; after++) {
  test(`says that the connection was lost after event ${after}`, guard, async (t) => {
    const { client } = await serve(t, { script: [cutAfter(after, ...outputs)] });
    const { events, error } = await collect(client, requestBody({ reasoning: { summary: "auto" } }));
    assert.equal(error?.code, "connectionFailed");
    assert.match(error.message, /was lost before the answer ended.*Check the network/);
    assert.equal(events.length, after);
  });
}

test("does not mind a socket destroyed after the last event", guard, async (t) => {
  const { client } = await serve(t, { script: [cutAfter(eventCount, message("Hi"))] });
  assert.equal((await collect(client)).error, undefined);
});

test("says that the connection was lost in the middle of an event", guard, async (t) => {
  const { client } = await serve(t, { script: [cutAfterBytes(300, message("Hi"))] });
  assert.equal((await collect(client)).error?.code, "connectionFailed");
});

test("says so too when the stream ends in order but too early, wherever that is", async () => {
  const bytes = Buffer.from(streamOf(message("Hello")));
  for (let end = 500; end < bytes.length - 2; end += 97) {
    const { error } = await collect(createClient({ fetch: piecesFetch([bytes.subarray(0, end)]) }));
    assert.equal(error?.code, "connectionFailed", `after byte ${end}`);
  }
});

test("says so when there is no event at all", async (t) => {
  const { client } = await serve(t, { script: [raw(200, { "content-type": "text/event-stream" })] });
  assert.equal((await collect(client)).error?.code, "connectionFailed");
});

/** The answer ends at once although the server keeps the socket open. */
function endsAtOnce(name: string, reply: Parameters<typeof leftOpen>[0], expected: string | undefined): void {
  test(`ends at once: ${name}`, guard, async (t) => {
    const { client, server } = await serve(t, { script: [leftOpen(reply)] });
    assert.equal((await collect(client)).error?.code, expected);
    assert.equal(await server.requests[0]!.ended, "broken");
  });
}

endsAtOnce("completed", hangAfter(0, message("Hi")), undefined);
endsAtOnce("failed", failed("server_error", "It broke."), "serverFailed");
endsAtOnce("incomplete", incomplete("max_output_tokens", message("Hi")), "tooLarge");

/** The same text arrives whatever the line ends and the pieces. */
function arrives(name: string, encode: (text: string) => string, pieceBytes: number): void {
  test(`reads ${name}`, guard, async (t) => {
    const bytes = Buffer.from(encode(streamOf(...outputs)));
    const own = await collect(createClient({ fetch: piecesFetch(cut(bytes, pieceBytes)) }));
    assert.equal(own.error, undefined);
    assert.equal(own.events.length, eventCount);
    assert.equal(textOf(own.events), "Grüße 👋 aus Zürich.");
    const { client } = await serve(t, { script: [encoded(encode, pieceBytes, ...outputs)] });
    assert.equal(textOf((await collect(client)).events), "Grüße 👋 aus Zürich.");
  });
}

const same = (text: string) => text;
const withLineEnds = (end: string) => (text: string) => text.replaceAll("\n", end);
arrives("single bytes, so that every character and every line end is split", same, 1);
arrives("CRLF line ends in pieces of one byte", withLineEnds("\r\n"), 1);
arrives("CRLF line ends", withLineEnds("\r\n"), 4096);
arrives("CR line ends", withLineEnds("\r"), 7);
arrives("a byte order mark", (text) => `\uFEFF${text}`, 3);
arrives("comments between events", (text) => text.replaceAll("\n\n", "\n\n: waiting\n\n"), 50);
arrives("events without a name", (text) => text.replaceAll(/^event: .*\n/gm, ""), 4096);

test("passes over events that it does not know", async () => {
  const strange = 'data: {"type":"response.dream.delta","delta":"x"}\n\ndata: null\n\ndata: 5\n\ndata: {"type":7}\n\n';
  const { events, error } = await collect(
    createClient({ fetch: piecesFetch([Buffer.from(strange + streamOf(message("Hi")))]) }),
  );
  assert.equal(error, undefined);
  assert.equal(textOf(events), "Hi");
});

test("moves each byte of a 20 MB line only a few times", async (t) => {
  const length = 20_000_000;
  const bytes = Buffer.from(streamOf(message("Hi")).replace('"delta":"Hi"', `"delta":"${"x".repeat(length)}"`));
  let moved = 0;
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as {
    set(source: ArrayLike<number>, at?: number): void;
  };
  const { set } = typedArray;
  t.mock.method(typedArray, "set", function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
    moved += source.length;
    set.call(this, source, at);
  });
  const { events } = await collect(createClient({ fetch: piecesFetch(cut(bytes, 65_536)) }));
  assert.equal(textOf(events).length, length);
  assert.ok(moved > 0 && moved < 8 * bytes.length, `${moved} bytes moved`);
});

test("gives up on a server that says nothing", guard, async (t) => {
  const clock = createFakeClock();
  const { client, server } = await serve(t, { script: [hang()] }, { clock, idleTimeoutMs: 5000 });
  const answer = collect(client);
  const request = await server.request(0);
  clock.advance(5000);
  const { error } = await answer;
  assert.equal(error?.code, "timeout");
  assert.match(error.message, /^127\.0\.0\.1:\d+ was silent for 5 s\. Send the message again\.$/);
  assert.equal(await request.ended, "broken");
});

test("counts only silence, from the last event, and not the time its reader takes", guard, async (t) => {
  const clock = createFakeClock();
  const { client } = await serve(t, { script: [hangAfter(4, message("a b c"))] }, { clock, idleTimeoutMs: 5000 });
  const events = client.stream(requestBody(), new AbortController().signal)[Symbol.asyncIterator]();
  for (let index = 0; index < 4; index++) {
    assert.equal((await events.next()).done, false);
    clock.advance(5000);
    await new Promise(setImmediate);
  }
  const last = events.next();
  clock.advance(4999);
  await new Promise(setImmediate);
  clock.advance(1);
  await assert.rejects(last, { code: "timeout" });
});

test("stops in the middle of an answer, and closes the connection", guard, async (t) => {
  const release = Promise.withResolvers<void>();
  const { client, server } = await serve(t, { script: [hold(4, release.promise, ...outputs)] });
  const controller = new AbortController();
  const seen: string[] = [];
  const answer = (async () => {
    for await (const event of client.stream(requestBody(), controller.signal)) {
      seen.push(event.type);
      if (seen.length === 4) controller.abort();
    }
  })();
  await assert.rejects(answer, { code: "aborted", message: "It was stopped." });
  assert.equal(seen.length, 4);
  assert.equal(await server.requests[0]!.ended, "broken");
  release.resolve();
});

test("stops before the server has answered", guard, async (t) => {
  const { client, server } = await serve(t, { script: [hang()] });
  const controller = new AbortController();
  const answer = collect(client, requestBody(), controller.signal);
  await server.request(0);
  controller.abort();
  assert.equal((await answer).error?.code, "aborted");
});

test("makes no request when it was stopped before", async (t) => {
  const { client, server } = await serve(t);
  assert.equal((await collect(client, requestBody(), AbortSignal.abort())).error?.code, "aborted");
  assert.equal(server.requests.length, 0);
});

test("closes the connection when its reader leaves early", guard, async (t) => {
  const { client, server } = await serve(t, { script: [hangAfter(4, message("a b c"))] });
  for await (const event of client.stream(requestBody(), new AbortController().signal)) {
    if (event.type === "response.output_item.added") break;
  }
  assert.equal(await server.requests[0]!.ended, "broken");
});

test("takes a new key with the next request", async (t) => {
  const { server } = await serve(t, { script: [message("Hi")] });
  const keys = ["sk-old-key", server.apiKey];
  const client = createClient(() => ({ baseUrl: server.baseUrl, apiKey: keys.shift() }));
  assert.equal((await collect(client)).error?.code, "unauthorized");
  assert.equal((await collect(client)).error, undefined);
});

test("asks an own fetch instead of the network, with no key at all", async () => {
  const asked: string[] = [];
  const answer = piecesFetch([Buffer.from(streamOf(message("Hi")))]);
  const client = createClient({
    fetch: (input, init) => {
      asked.push(`${init?.method} ${input}`);
      return answer(input, init);
    },
  });
  assert.equal((await collect(client)).error, undefined);
  assert.deepEqual(asked, ["POST http://demo.invalid/v1/responses"]);
});
