import assert from "node:assert/strict";
import { test } from "node:test";
import { createDemoFetch, createPace } from "../../../src/core/model/demo/demoFetch.ts";
import { requestBody } from "../../support/modelServerRequest.ts";
import { collect, createClient } from "./harness.ts";

const signal = new AbortController().signal;
const url = "https://demo.invalid/v1/responses";
const post = async (body: string) => (await createDemoFetch()(url, { method: "POST", body })).text();

test("lists the one model", async () =>
  assert.deepEqual(await createClient({ fetch: createDemoFetch() }).listModels(signal), ["demo"]));

test("has nothing else", async () => {
  const { status } = await createDemoFetch()("https://demo.invalid/v1/files");
  assert.equal(status, 404);
});

test("answers the same request with the same bytes", async () => {
  assert.equal(await post(requestBody()), await post(requestBody()));
});

test("answers another request with other ids", async () => {
  const id = (text: string) => /"id":"(resp_[^"]+)"/.exec(text)?.[1];
  const [one, other] = await Promise.all([post(requestBody()), post(requestBody({ prompt_cache_key: "thread-2" }))]);
  assert.ok(id(one));
  assert.notEqual(id(one), id(other));
});

test("pauses before it writes, and never within an answer's bookkeeping", async () => {
  const pauses: number[] = [];
  const pace = createPace({
    sleep: async (ms) => {
      pauses.push(ms);
    },
  });
  const { events } = await collect(createClient({ fetch: createDemoFetch(pace) }));
  const written = events.filter(({ type }) => type === "response.created" || type.endsWith("text.delta"));
  assert.ok(pauses.every((ms) => ms > 0));
  assert.equal(pauses.length, written.length);
});

test("stops in the middle of an answer", async () => {
  const controller = new AbortController();
  const fetch = createDemoFetch(async ({ type }, stop) => {
    if (type !== "response.output_text.delta") return;
    controller.abort();
    stop.throwIfAborted();
  });
  const { events, error } = await collect(createClient({ fetch }), requestBody(), controller.signal);
  assert.equal(error?.code, "aborted");
  assert.ok(!events.some(({ type }) => type === "response.output_text.delta"));
});

test("makes no answer for a request that was stopped before", async () => {
  await assert.rejects(createDemoFetch()(url, { body: requestBody(), signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
});
