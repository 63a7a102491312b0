import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { type RawReply, raw } from "../support/modelServerReply.ts";
import { recover } from "./recover.ts";

const html = { "content-type": "text/html; charset=utf-8" };
const page = `<!doctype html><html><head><title>Sign in</title></head><body>${"x".repeat(100_000)}</body></html>`;

/** One request, and an error of at most 2 kB that matches. */
function check(name: string, reply: (t: TestContext) => RawReply | Promise<RawReply>, expected: RegExp): void {
  test(name, async (t) => {
    const { turn, requests, retries } = await recover({ script: [await reply(t)] });
    assert.equal(turn.status, "failed");
    assert.equal(turn.error?.codexErrorInfo, "badRequest");
    assert.match(turn.error.message, expected);
    const bytes = Buffer.byteLength(turn.error.message);
    assert.ok(bytes <= 2048);
    assert.equal(requests.length, 1);
    assert.deepEqual(retries, []);
    t.diagnostic(`1 request, a message of ${bytes} bytes`);
  });
}

check("a web page with status 200", () => raw(200, html, page), /web page \("Sign in"\)/);
check("a web page that never ends", () => ({ ...raw(200, html, page), end: "open" }), /web page \("Sign in"\)/);
check("a web page with status 400", () => raw(400, html, page), /refuses the request with status 400/);

/** 50 MB in pieces; what was taken of them is told when the test ends. */
function large(status: number, type: string): (t: TestContext) => RawReply {
  return (t) => {
    let pieces = 0;
    const piece = "漢".repeat(333_333);
    function* body() {
      for (; pieces < 50; pieces++) yield piece;
    }
    t.after(() => t.diagnostic(`${pieces} of 50 MB were sent`));
    return { ...raw(status, { "content-type": type }), body: body() };
  };
}
check("50 MB of an error", large(400, "application/json"), /refuses the request with status 400.*漢…$/);
check("50 MB of an error without a type", large(422, "application/octet-stream"), /status 422/);
check("50 MB of a web page", large(200, "text/html"), /web page/);

/** Another server, on another port and so of another origin, that notes the headers of what comes. */
async function listen(t: TestContext): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers);
    response.end("data: {}\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    const authorizations = seen.filter(({ authorization }) => authorization !== undefined).length;
    t.diagnostic(`${seen.length} requests to the other origin, ${authorizations} with an Authorization header`);
    assert.equal(seen.length, 0);
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/responses`, seen };
}

for (const status of [301, 302, 303, 307, 308]) {
  check(
    `a redirect to another origin with status ${status}`,
    async (t) => raw(status, { location: (await listen(t)).url }),
    /redirects to http:\/\/127\.0\.0\.1:\d+\/v1\/responses, and the API key goes to no other address/,
  );
}
