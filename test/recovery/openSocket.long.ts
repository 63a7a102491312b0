import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import { type AnswerReply, failed, incomplete, leftOpen } from "../support/modelServerReply.ts";
import { recover } from "./recover.ts";

/** The machine may be busy, or warm up, in one of them. */
const TRIES = 3;

/** The server never closes a socket, so a turn that ends has ended by the event alone. */
function check(name: string, reply: AnswerReply, expected: { said: RegExp; requests: number }): void {
  test(name, async (t) => {
    let fastest = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < TRIES; tries++) {
      const { turn, requests, ms } = await recover({ settings: { maxRetries: 2 }, script: () => leftOpen(reply) });
      assert.equal(turn.status, "failed");
      assert.match(turn.error?.message ?? "", expected.said);
      assert.equal(requests.length, expected.requests);
      for (const { ended } of requests) assert.equal(await ended, "broken", "It is the client that leaves.");
      fastest = Math.min(fastest, ms);
    }
    t.diagnostic(`${expected.requests} requests, every socket left open, the turn ended after ${fastest} ms in all`);
    assert.ok(fastest < 500, `${fastest} ms`);
  });
}

check("a failed answer", failed("server_error", "It broke.", message("Hi")), {
  said: /It says: It broke\.$/,
  requests: 3,
});
check("an answer that failed for good", failed("invalid_prompt", "Not allowed.", message("Hi")), {
  said: /It says: Not allowed\.$/,
  requests: 1,
});
check("an answer that reached its length", incomplete("max_output_tokens", message("Hi")), {
  said: /reached the greatest length/,
  requests: 1,
});
check("an answer that was filtered", incomplete("content_filter", message("Hi")), {
  said: /content filter/,
  requests: 1,
});

test("an answer that completed", async (t) => {
  const { turn, requests } = await recover({ script: () => leftOpen(answer) });
  assert.equal(turn.status, "completed");
  assert.equal(await requests[0]!.ended, "broken");
  t.diagnostic(`${requests.length} request, its socket left open`);
});

const answer: AnswerReply = {
  type: "answer",
  outputs: [message("Hi")],
  ending: { type: "completed" },
  delivery: { type: "whole" },
};
