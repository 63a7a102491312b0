import assert from "node:assert/strict";
import { test } from "node:test";
import { createRetryBudget, delayBefore } from "../../../src/core/model/retry.ts";
import { AgentError, type ErrorCode, errorCodes } from "../../../src/protocol/errors.ts";

/** The wait before an attempt, at the least and the most that chance allows. */
function check(attempt: number, error: AgentError, expected: readonly [number, number] | "final"): void {
  const waits = [0, 0.999_999].map((random) => delayBefore(attempt, error, random));
  assert.deepEqual(waits, expected === "final" ? [undefined, undefined] : expected);
}

const error = (code: ErrorCode, retryAfterMs?: number) => new AgentError(code, "It failed.", { retryAfterMs });
const passing: readonly ErrorCode[] = ["connectionFailed", "serverFailed", "rateLimited", "timeout"];

for (const code of errorCodes) {
  test(`${code} is ${passing.includes(code) ? "tried again" : "final"}`, () =>
    check(1, error(code), passing.includes(code) ? [100, 200] : "final"));
}
test("waits twice as long each time", () => check(2, error("serverFailed"), [200, 400]));
test("waits 3 s at most before the fifth", () => check(5, error("serverFailed"), [1600, 3200]));
test("never waits longer than 30 s by itself", () => check(40, error("connectionFailed"), [15_000, 30_000]));
test("waits as long as the server asks, whichever attempt", () => check(1, error("rateLimited", 2000), [2000, 2400]));
test("waits no longer because attempts were made", () => check(6, error("rateLimited", 2000), [2000, 2400]));
test("waits a little when the server asks for nothing", () => check(1, error("rateLimited", 0), [100, 100]));
test("keeps to what a failing server asks", () => check(1, error("serverFailed", 5000), [5000, 6000]));
test("waits a minute", () => check(1, error("rateLimited", 60_000), [60_000, 72_000]));
test("gives up on more than a minute", () => check(1, error("rateLimited", 60_001), "final"));

test("counts the attempts of a turn over all its requests", () => {
  const budget = createRetryBudget({ maxAttempts: 2, random: () => 0 });
  assert.deepEqual(budget.take(error("serverFailed")), { attempt: 1, maxAttempts: 2, delayMs: 100 });
  assert.equal(budget.take(error("badRequest")), undefined);
  assert.deepEqual(budget.take(error("connectionFailed")), { attempt: 2, maxAttempts: 2, delayMs: 200 });
  assert.equal(budget.take(error("connectionFailed")), undefined);
});
