import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { NotificationParams } from "../../src/protocol/methods.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { cutAfter, cutAt, dropped, fail, failed, type Reply, raw } from "../support/modelServerReply.ts";
import { play } from "../support/play.ts";
import { recover, sayRetrying, workspace } from "./recover.ts";

const almostOne = 1 - Number.EPSILON;

/** The fault, then the answer: the wait lies between these bounds for the least and for the greatest random number, and the surfaces are told. */
function check(name: string, fault: Reply, [least, most]: readonly [least: number, most: number]): void {
  test(name, async (t) => {
    const waits: number[] = [];
    for (const random of [0, almostOne]) {
      const { turn, retries, requests } = await recover({ random: () => random, script: [fault, message("Done.")] });
      assert.equal(turn.status, "completed");
      assert.equal(requests.length, 2);
      assert.equal(requests[1]!.body, requests[0]!.body, "The same request is made again.");
      const [retry, ...more] = retries;
      assert.deepEqual(more, []);
      const { willRetry, attempt, maxAttempts, retryInMs = 0 } = retry!;
      assert.deepEqual({ willRetry, attempt, maxAttempts }, { willRetry: true, attempt: 1, maxAttempts: 3 });
      assert.ok(retryInMs >= least && retryInMs <= most, `It waits ${retryInMs} ms.`);
      waits.push(retryInMs);
    }
    t.diagnostic(`2 requests, 1 retry, waits from ${waits[0]} to ${waits[1]} ms`);
  });
}

const asked: [number, number] = [2000, 2800];
const unasked: [number, number] = [100, 200];
const events = { "content-type": "text/event-stream" };
check("429 with Retry-After 2", fail(429, {}, { "retry-after": "2" }), asked);
check("503 with Retry-After 2", fail(503, {}, { "retry-after": "2" }), asked);
check("a limit inside the stream", failed("rate_limit_exceeded", "Please try again in 2s."), asked);
for (const status of [500, 502, 503, 504, 529]) check(`${status}`, fail(status), unasked);
check("429 without a time", fail(429), unasked);
check("a socket that is dropped before the headers", dropped, unasked);
check("a socket that is dropped after an event", cutAfter(1, message("Done.")), unasked);
check("an empty body", raw(200, events, ""), unasked);
check("an empty body that is no stream", raw(200, { "content-length": "0" }), unasked);
check("a body of nothing but a comment", raw(200, events, ": hello\n\n"), unasked);
check("a body that ends early as if it were whole", cutAt({ events: 4 }, "ended", message("Done.")), unasked);

test("one budget over all requests of a turn", async (t) => {
  const run = (id: string) => call("exec_command", { cmd: "npm test" }, id);
  const host = workspace();
  const script = [
    fail(500),
    [run("call_1")],
    cutAfter(3, message("x")),
    fail(429, {}, { "retry-after": "2" }),
    [run("call_2")],
    fail(503, { message: "Still no." }),
  ];
  const { turn, retries, requests } = await recover({ host, script });
  assert.equal(turn.status, "failed");
  assert.match(turn.error?.message ?? "", /Still no\.$/);
  assert.deepEqual(
    retries.map(({ attempt, maxAttempts }) => `${attempt}/${maxAttempts}`),
    ["1/3", "2/3", "3/3"],
  );
  const waits = retries.map(({ retryInMs }) => retryInMs);
  assert.deepEqual(waits, [150, 300, 2200]);
  assert.equal(requests.length, 6);
  assert.equal(host.processes.started.length, 2);
  t.diagnostic(`6 requests, ${retries.length} retries of 3, waits of ${waits.join(", ")} ms, 2 commands run`);
});

test("the next turn has a budget of its own", async (t) => {
  const clock = createFakeClock();
  const faults = Array.from({ length: 3 }, () => fail(500));
  const played = await play({ clock, script: [...faults, fail(500), ...faults, message("Done.")] });
  const { thread } = await played.start();
  const retries: NotificationParams<"error">[] = [];
  const first = await sayRetrying(played, { threadId: thread.id, clock, retries });
  const second = await sayRetrying(played, { threadId: thread.id, clock, retries });
  await played.close();
  assert.deepEqual([first.status, second.status], ["failed", "completed"]);
  t.diagnostic(`${played.server.requests.length} requests, ${retries.length} retries in two turns of 3 each`);
  assert.equal(retries.length, 6);
});
