import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { AgentError, ErrorCode } from "../../../src/protocol/errors.ts";
import { apiKey, checkMessage, collect, createClient, serve } from "./harness.ts";

/** Nothing is sent; the message matches. */
function checkUnsent(
  name: string,
  provider: { baseUrl?: string; apiKey?: string },
  code: ErrorCode,
  expected: RegExp,
): void {
  test(name, async () => {
    const whole = { baseUrl: "http://127.0.0.1:9/v1", apiKey, ...provider };
    for (const error of [(await collect(createClient(whole))).error, await listError(whole)]) {
      assert.equal(error?.code, code);
      assert.match(error.message, expected);
      checkMessage(error);
    }
  });
}

async function listError(provider: {
  baseUrl: string;
  apiKey: string | undefined;
  fetch?: typeof fetch;
}): Promise<AgentError> {
  return createClient(provider)
    .listModels(new AbortController().signal)
    .then(
      () => assert.fail("It listed models."),
      (error: AgentError) => error,
    );
}

checkUnsent(
  "no key",
  { apiKey: "" },
  "unauthorized",
  /^There is no API key for openai yet: set one with .*OPENAI_API_KEY\.$/,
);
checkUnsent("a key of spaces", { apiKey: " \n" }, "unauthorized", /^There is no API key/);
checkUnsent(
  "a key with a line end inside",
  { apiKey: `${apiKey}\n${apiKey}` },
  "unauthorized",
  /a character that no key has/,
);
checkUnsent(
  "a base URL that is none",
  { baseUrl: "api.openai.com" },
  "badRequest",
  /^The base URL is not an address such as/,
);
checkUnsent(
  "a base URL with a password",
  { baseUrl: "https://me:pw12345678@h/v1" },
  "badRequest",
  /^The base URL is not.*without user name/,
);

checkUnsent(
  "a key with a letter that is not ASCII",
  { apiKey: `${apiKey}é` },
  "unauthorized",
  /a character that no key has/,
);
checkUnsent("a key with a NUL", { apiKey: `${apiKey}\0x` }, "unauthorized", /a character that no key has/);
for (const baseUrl of [
  `http://127.0.0.1:9/v1?key=${apiKey}`,
  `http://127.0.0.1:9/v1#${apiKey}`,
  `http://${apiKey}@127.0.0.1:9/v1`,
  `file:///v1/${apiKey}`,
]) {
  checkUnsent(
    `the base URL ${baseUrl.replace(apiKey, "KEY")}`,
    { baseUrl },
    "badRequest",
    /^The base URL is not.*query/,
  );
}

/** A request to https://demo.invalid/v1 that is redirected there is not made again. */
function checkRedirect(location: string): void {
  for (const status of [301, 302, 303, 307, 308]) {
    test(`${status} to ${location} does not get the key`, async () => {
      const asked: string[] = [];
      const fetch: typeof globalThis.fetch = async (input) => {
        asked.push(String(input));
        return new Response(null, { status, headers: { location } });
      };
      const provider = { baseUrl: "https://demo.invalid/v1", apiKey, fetch };
      for (const error of [(await collect(createClient(provider))).error!, await listError(provider)]) {
        assert.match(error.message, /redirects.*the API key goes to no other address/);
        checkMessage(error);
      }
      assert.deepEqual(asked, ["https://demo.invalid/v1/responses", "https://demo.invalid/v1/models"]);
    });
  }
}
checkRedirect("http://demo.invalid/v1/responses");
checkRedirect("https://demo.invalid:8443/v1/responses");
checkRedirect("https://demo.invalid.evil.invalid/v1");
checkRedirect("https://evil.invalid/demo.invalid");
checkRedirect("https://demo.invalid@evil.invalid/v1");
checkRedirect("//evil.invalid/v1");
checkRedirect("https:\\\\evil.invalid\\v1");
checkRedirect(`https://evil.invalid/${apiKey}?k=${apiKey}`);
checkRedirect("file:///etc/passwd");
checkRedirect("data:application/json,{}");

test("names the host and port that cannot be reached", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const provider = { baseUrl: `http://127.0.0.1:${port}/v1`, apiKey };
  for (const error of [(await collect(createClient(provider))).error!, await listError(provider)]) {
    assert.equal(error.code, "connectionFailed");
    const expected = `127.0.0.1:${port} cannot be reached (ECONNREFUSED). Check the base URL and the network.`;
    assert.equal(error.message, expected);
  }
});

test("says that a connection is not secure", async (t) => {
  const { server } = await serve(t, { apiKey });
  const { error } = await collect(createClient({ baseUrl: server.baseUrl.replace("http:", "https:"), apiKey }));
  assert.equal(error?.code, "connectionFailed");
  assert.match(
    error.message,
    /^No secure connection to 127\.0\.0\.1:\d+ \(\w+\)\. Check the base URL; .*NODE_EXTRA_CA_CERTS/,
  );
  await server.close();
});

/** A fetch that fails as the network does. */
function checkNetwork(name: string, cause: unknown, code: ErrorCode, expected: RegExp): void {
  test(name, async () => {
    const fetch = async () => Promise.reject(new TypeError("fetch failed", { cause }));
    const { error } = await collect(createClient({ fetch, apiKey }));
    assert.equal(error?.code, code);
    assert.match(error.message, expected);
    checkMessage(error);
  });
}

const withCode = (code: string) => Object.assign(new Error(`It is ${code} at ${apiKey}`), { code });
checkNetwork(
  "an unknown host",
  withCode("ENOTFOUND"),
  "connectionFailed",
  /^demo\.invalid cannot be reached \(ENOTFOUND\)/,
);
checkNetwork(
  "a host on several addresses",
  new AggregateError([withCode("ECONNREFUSED")]),
  "connectionFailed",
  /ECONNREFUSED/,
);
checkNetwork(
  "a certificate that is out of date",
  withCode("CERT_HAS_EXPIRED"),
  "connectionFailed",
  /^No secure connection/,
);
checkNetwork("a certificate of a proxy", withCode("SELF_SIGNED_CERT_IN_CHAIN"), "connectionFailed", /company proxy/);
checkNetwork(
  "a server that sends no headers",
  withCode("UND_ERR_HEADERS_TIMEOUT"),
  "timeout",
  /did not answer in time/,
);
checkNetwork(
  "a connection that times out",
  withCode("UND_ERR_CONNECT_TIMEOUT"),
  "connectionFailed",
  /cannot be reached/,
);
checkNetwork("a connection that is reset", withCode("ECONNRESET"), "connectionFailed", /was lost .* \(ECONNRESET\)/);
checkNetwork(
  "a fault without a code",
  new Error(`Odd ${apiKey}`),
  "connectionFailed",
  /was lost .* \(Odd \[redacted\]\)/,
);

test("says that a list of models is none", async () => {
  const fetch = async () => new Response('{"models":[]}', { headers: { "content-type": "application/json" } });
  const error = await createClient({ fetch })
    .listModels(new AbortController().signal)
    .then(
      () => assert.fail("It listed models."),
      (thrown: AgentError) => thrown,
    );
  assert.equal(error.code, "serverFailed");
  assert.match(error.message, /something that is not the Responses API\. Check the base URL\.$/);
});
