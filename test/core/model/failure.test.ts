import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../../src/core/model/demo/output.ts";
import type { ErrorCode } from "../../../src/protocol/errors.ts";
import { encoded, fail, failed, incomplete, type Reply, raw } from "../../support/modelServerReply.ts";
import { requestBody } from "../../support/modelServerRequest.ts";
import { apiKey, checkMessage, collect, serve } from "./harness.ts";

const json = { "content-type": "application/json" };
const html = { "content-type": "text/html; charset=utf-8" };

/** One request gets this reply, and ends with an error of this code whose message matches. */
function check(name: string, reply: Reply, code: ErrorCode, expected: RegExp, retryAfterMs?: number): void {
  test(name, { timeout: 10_000 }, async (t) => {
    const { client, server } = await serve(t, { script: [reply], apiKey });
    const { error, events } = await collect(client);
    assert.equal(error?.code, code, error?.stack);
    assert.match(error.message, expected);
    assert.equal(error.retryAfterMs, retryAfterMs);
    assert.ok(events.every(({ type }) => !/failed|incomplete|^error/.test(type)));
    checkMessage(error);
    assert.equal(server.requests.length, 1);
  });
}

const denied = { type: "invalid_request_error" };

check(
  "a wrong key",
  fail(401, { ...denied, code: "invalid_api_key" }),
  "unauthorized",
  /refuses the API key.*Set API Key/,
);
check(
  "a refused project",
  fail(403, { message: "Country not supported." }),
  "unauthorized",
  /denies access.*Country not supported\.$/,
);
check(
  "an unknown model",
  fail(404, { ...denied, code: "model_not_found", message: "The model `x` does not exist." }),
  "modelNotFound",
  /Choose another model\. It says: The model `x` does not exist\.$/,
);
check(
  "an unknown model as another server says it",
  fail(404, { message: 'model "x" not found' }),
  "modelNotFound",
  /Choose another model/,
);
check(
  "an unknown model with status 400",
  fail(400, { code: "model_not_found" }),
  "modelNotFound",
  /Choose another model/,
);
check("a wrong address", fail(404, { message: "Not here." }), "badRequest", /no Responses API.*Check the base URL/);
check("a wrong address with a page", raw(404, html, "<!doctype html><h1>Nope</h1>"), "badRequest", /ends with \/v1\.$/);
check(
  "a body that is too large",
  fail(413, {}),
  "contextWindowExceeded",
  /too long for the model\. Start a new thread/,
);
check(
  "a thread that is too long",
  fail(400, { code: "context_length_exceeded" }),
  "contextWindowExceeded",
  /Start a new thread/,
);
check(
  "a thread that is too long, in words only",
  fail(400, { message: "This model's maximum context length is 8192 tokens." }),
  "contextWindowExceeded",
  /8192 tokens\.$/,
);
check(
  "a request larger than a minute's tokens",
  fail(429, { code: "rate_limit_exceeded", message: "Request too large for gpt-x: Limit 30000, Requested 40000." }),
  "contextWindowExceeded",
  /Requested 40000\.$/,
);
check(
  "no quota",
  fail(429, { type: "insufficient_quota", code: "insufficient_quota" }),
  "quotaExceeded",
  /no quota left\. Check its plan/,
);
check("too many requests", fail(429, { message: "Slow." }), "rateLimited", /too many requests.*Slow\.$/);
check("a wait in seconds", fail(429, {}, { "retry-after": "2" }), "rateLimited", /asks to wait 2 s\.$/, 2000);
check("a wait in milliseconds", fail(429, {}, { "retry-after-ms": "1500" }), "rateLimited", /wait 2 s\.$/, 1500);
check("a long wait", fail(429, {}, { "retry-after": "900" }), "rateLimited", /wait 15 minutes\.$/, 900_000);
check("a very long wait", fail(429, {}, { "retry-after": "86400" }), "rateLimited", /wait 24 hours\.$/, 86_400_000);
check(
  "a wait until a date",
  fail(429, {}, { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }),
  "rateLimited",
  /wait 30 s\.$/,
  30_000,
);
check("a wait that is no time", fail(429, {}, { "retry-after": "soon" }), "rateLimited", /later\. It says/);
check("a filter", fail(400, { code: "content_filter" }), "badRequest", /content filter.*Reword the last message/);
check(
  "a wrong request",
  fail(400, { ...denied, message: "Bad 'x'." }),
  "badRequest",
  /refuses the request with status 400.*Bad 'x'\.$/,
);
check("a request that makes no sense", fail(422, { message: "Hm." }), "badRequest", /with status 422/);
check("a conflict", fail(409, {}), "badRequest", /with status 409/);
check("a request that took too long", fail(408, {}), "timeout", /gave up waiting/);
check("a failing server", fail(500, { message: "Oops." }), "serverFailed", /failed with status 500.*Oops\.$/);
check(
  "a busy server",
  fail(503, { code: "server_is_overloaded" }, { "retry-after": "7" }),
  "serverFailed",
  /wait 7 s\.$/,
  7000,
);
check(
  "a failing proxy",
  raw(502, html, "<html><head><title>502 Bad Gateway</title></head><body>…</body></html>"),
  "serverFailed",
  /It says: 502 Bad Gateway\.$/,
);
check(
  "an error without a body",
  raw(500, {}),
  "serverFailed",
  /failed with status 500\. Send the message again in a moment\.$/,
);
check("an error of another shape", raw(400, json, '{"detail":"No such thing."}'), "badRequest", /No such thing\.$/);
check("an error that is a word", raw(400, json, '{"error":"Nope."}'), "badRequest", /Nope\.$/);
check(
  "a page with status 200",
  raw(200, html, "<html><title>Sign in</title></html>"),
  "badRequest",
  /web page \("Sign in"\).*base URL/,
);
check("JSON with status 200", raw(200, json, '{"oops":true}'), "serverFailed", /ended its answer with an error/);
check("a redirect to nowhere", raw(302, {}), "badRequest", /redirects, and the API key goes to no other address/);
check(
  "a redirect that drops the body",
  raw(303, { location: "/v1/other" }),
  "badRequest",
  /redirects to .*\/v1\/other/,
);

check(
  "a failed answer",
  failed("server_error", "It broke.", message("Hi")),
  "serverFailed",
  /failed\. Send.*It says: It broke\.$/,
);
check(
  "a failed answer that asks to wait",
  failed("rate_limit_exceeded", "Please try again in 1m2.5s."),
  "rateLimited",
  /asks to wait 63 s\.$/,
  62_500,
);
check("a refused prompt", failed("invalid_prompt", "Not allowed."), "badRequest", /content filter.*Not allowed\.$/);
check(
  "an answer that is cut at its length",
  incomplete("max_output_tokens", message("Hi")),
  "tooLarge",
  /greatest length/,
);
check("an answer that is filtered", incomplete("content_filter", message("Hi")), "badRequest", /content filter/);

/** The stream is one event. */
const only = (event: object, name = "") =>
  encoded(() => `${name ? `event: ${name}\n` : ""}data: ${JSON.stringify(event)}\n\n`, 4096);
const tooLong = { code: "context_length_exceeded", message: "Too long.", type: "invalid_request_error" };
check(
  "an error event",
  only({ type: "error", code: "server_error", message: "Gone." }, "error"),
  "serverFailed",
  /Gone\.$/,
);
check(
  "an error event without a name",
  only({ type: "error", code: null, message: "Gone." }),
  "serverFailed",
  /Gone\.$/,
);
check(
  "an error event that wraps its error",
  only({ type: "error", error: tooLong }, "error"),
  "contextWindowExceeded",
  /Too long\.$/,
);
check("an error without a type", only({ error: tooLong }), "contextWindowExceeded", /Too long\.$/);

for (const form of [apiKey, btoa(`user:${apiKey}`), encodeURIComponent(apiKey), JSON.stringify({ apiKey })]) {
  check(
    `the key repeated as ${form.slice(0, 6)}`,
    fail(400, { message: `You sent ${form} here.` }),
    "badRequest",
    /\[redacted\]/,
  );
}
check("the key repeated in a page", raw(200, html, `<title>${apiKey}</title>`), "badRequest", /\[redacted\]/);
check(
  "the key repeated in an event",
  failed("server_error", `With ${apiKey}.`),
  "serverFailed",
  /With \[redacted\]\.$/,
);
check(
  "the key repeated in a redirect",
  raw(302, { location: `https://other.invalid/${apiKey}` }),
  "badRequest",
  /\[redacted\]/,
);
check(
  "the key at the end of a long error",
  fail(400, { message: `${"x".repeat(390)}${apiKey}` }),
  "badRequest",
  /\[redact/,
);
check(
  "line ends and control characters",
  fail(400, { message: "a\r\n\u001b[31mb\u202ec" }),
  "badRequest",
  /It says: a \[31mb c\.$/,
);
check("a long error of wide characters", fail(400, { message: "漢".repeat(5000) }), "badRequest", /漢…$/);

test("reads no more of an error than it needs", { timeout: 10_000 }, async (t) => {
  let pieces = 0;
  const piece = "x".repeat(1_000_000);
  function* body() {
    for (; pieces < 50; pieces++) yield piece;
  }
  const { client, server } = await serve(t, { script: [{ ...raw(400, {}), body: body() }], apiKey });
  const { error } = await collect(client);
  assert.equal(error?.code, "badRequest");
  checkMessage(error);
  await server.requests[0]!.ended;
  assert.ok(pieces < 40, `${pieces} MB were sent`);
});

test("takes no request, and no key, to another origin", async (t) => {
  const { server: other } = await serve(t, { apiKey });
  const { client } = await serve(t, { script: [raw(307, { location: `${other.baseUrl}/responses` })], apiKey });
  const { error } = await collect(client);
  assert.equal(error?.code, "badRequest");
  assert.match(
    error.message,
    /redirects to http:\/\/127\.0\.0\.1:\d+\/v1\/responses, and the API key goes to no other/,
  );
  assert.equal(other.requests.length, 0);
});

test("repeats a request where the same origin redirects it", async (t) => {
  const script = [raw(307, { location: "/v1/responses" }), raw(308, { location: "responses" }), message("Hi")];
  const { client, server } = await serve(t, { script, apiKey });
  assert.equal((await collect(client)).error, undefined);
  assert.deepEqual(new Set(server.requests.map(({ body }) => body)), new Set([requestBody()]));
});

test("leaves a circle of redirects", async (t) => {
  const { client } = await serve(t, { script: () => raw(307, { location: "/v1/responses" }), apiKey });
  assert.match((await collect(client)).error!.message, /redirects in a circle/);
});
