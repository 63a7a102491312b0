import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Clock } from "../../../src/core/clock.ts";
import type { ModelClient, Provider } from "../../../src/core/model/client.ts";
import { createResponsesClient } from "../../../src/core/model/responses.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { type ModelServer, type ModelServerOptions, startModelServer } from "../../support/modelServer.ts";
import { requestBody } from "../../support/modelServerRequest.ts";

/** Like a real one; no message may have it. */
export const apiKey = "sk-test-abcdefghijklmnop";

/** What every message to the user must be: sentences, short, on one line, without the key. */
export function checkMessage({ message: text }: AgentError): void {
  assert.ok(Buffer.byteLength(text) <= 2048, `${Buffer.byteLength(text)} bytes`);
  assert.match(text, /^[^\n\r]*[.…]$/);
  assert.doesNotMatch(text, /\{said\}|undefined|null/);
  for (const secret of [apiKey, btoa(apiKey), btoa(`user:${apiKey}`).slice(4, -4), encodeURIComponent(apiKey)]) {
    assert.ok(!text.includes(secret), text);
  }
}

export interface ClientOptions {
  readonly clock?: Clock;
  readonly idleTimeoutMs?: number;
}

/** A client of this provider, or of one that is made anew for each request. */
export function createClient(
  provider: Partial<Provider> | (() => Partial<Provider>),
  { clock, idleTimeoutMs }: ClientOptions = {},
): ModelClient {
  const none = { name: "openai", baseUrl: "http://demo.invalid/v1", apiKey: undefined };
  return createResponsesClient({
    provider: async () => ({ ...none, ...(typeof provider === "function" ? provider() : provider) }),
    idleTimeoutMs: () => idleTimeoutMs ?? 300_000,
    clock: clock ?? createFakeClock(Date.UTC(2026, 0, 1)),
  });
}

function createClientOf({ baseUrl, apiKey }: ModelServer, options?: ClientOptions): ModelClient {
  return createClient({ baseUrl, apiKey }, options);
}

/** A server for one test, closed after it, and a client of it. Closing throws when a request was wrong. */
export async function serve(
  t: TestContext,
  options: ModelServerOptions = {},
  clientOptions?: ClientOptions,
): Promise<{ server: ModelServer; client: ModelClient }> {
  const server = await startModelServer(options);
  t.after(() => server.close());
  return { server, client: createClientOf(server, clientOptions) };
}

export interface Collected {
  readonly events: readonly ResponseStreamEvent[];
  /** What the stream threw; undefined when it completed. */
  readonly error: AgentError | undefined;
}

/** All events of one answer, and how it ended. */
export async function collect(
  client: ModelClient,
  body: string = requestBody(),
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  const events: ResponseStreamEvent[] = [];
  try {
    for await (const event of client.stream(body, signal)) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    if (error instanceof AgentError) return { events, error };
    throw error;
  }
}

/** A fetch that answers with these pieces of a body, and counts what was read of them. */
export function piecesFetch(
  pieces: Iterable<Uint8Array>,
  headers: Readonly<Record<string, string>> = { "content-type": "text/event-stream" },
): typeof fetch {
  return async () => {
    const iterator = pieces[Symbol.iterator]();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const { value, done } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    return new Response(body, { status: 200, headers });
  };
}

export function* cut(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
