import assert from "node:assert/strict";
import { test } from "node:test";
import { atMost } from "../../../src/host/node/atMost.ts";

const never = new Promise<void>(() => {});

test("work that is done in time leaves no timer", async () => {
  let timer: AbortSignal | undefined;
  await atMost(1000, Promise.resolve(), (_, signal) => {
    timer = signal;
    return never;
  });
  assert.equal(timer?.aborted, true);
});

test("work that is not done in time is not waited for", async () => {
  const waited: number[] = [];
  await atMost(1000, never, async (milliseconds) => void waited.push(milliseconds));
  assert.deepEqual(waited, [1000]);
});
