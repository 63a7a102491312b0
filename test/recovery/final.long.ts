import assert from "node:assert/strict";
import { test } from "node:test";
import type { FailureKind } from "../../src/protocol/threads.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { startModelServer } from "../support/modelServer.ts";
import { type ApiError, fail, type Reply } from "../support/modelServerReply.ts";
import { recover } from "./recover.ts";

const apiKey = "sk-test-abcdefghijklmnop";
/** What servers do: they repeat the key. */
const said = `Bad request with key ${apiKey}, which is ${btoa(apiKey)}.`;

/** One request, no retry, and an error that the user can read and that does not carry the key. */
function check(name: string, reply: Reply, kind: FailureKind): void {
  test(name, async (t) => {
    const storage = new Map<string, string>();
    const server = await startModelServer({ script: [reply], apiKey });
    t.after(() => server.close());
    const { turn, retries, requests, played } = await recover({
      host: createMemoryHost({ storage }),
      server,
      script: [],
    });
    assert.equal(turn.status, "failed");
    assert.deepEqual(turn.error?.codexErrorInfo, kind);
    assert.equal(requests.length, 1);
    assert.deepEqual(retries, []);
    const bytes = Buffer.byteLength(turn.error?.message ?? "");
    assert.ok(bytes <= 2048);
    const everything = JSON.stringify(played.transcript) + [...storage.values()].join();
    for (const secret of [apiKey, btoa(apiKey)]) assert.ok(!everything.includes(secret), "The key is nowhere.");
    t.diagnostic(
      `1 request, 0 retries, a message of ${bytes} bytes, the key 0 times in ${everything.length} characters`,
    );
  });
}

const error = (status: number, { code = null, type = "invalid_request_error" }: Partial<ApiError> = {}) =>
  fail(status, { message: said, code, type });
check("a content filter", error(400, { code: "content_filter" }), "badRequest");
check("400", error(400), "badRequest");
check("401", error(401, { code: "invalid_api_key" }), "unauthorized");
check("403", error(403), "unauthorized");
check("404", error(404), "badRequest");
check("404 for a model", error(404, { code: "model_not_found" }), "modelNotFound");
check("422", error(422), "badRequest");
check("no quota", error(429, { code: "insufficient_quota", type: "insufficient_quota" }), "usageLimitExceeded");
