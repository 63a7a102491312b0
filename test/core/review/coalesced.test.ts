import assert from "node:assert/strict";
import { test } from "node:test";
import { Coalesced } from "../../../src/core/review/coalesced.ts";
import { createFakeClock } from "../../support/fakeClock.ts";

test("work begins at once, and is done once more for all that was asked for meanwhile", async () => {
  const clock = createFakeClock();
  const done: string[] = [];
  const work = new Coalesced(async (key) => void done.push(key), { pauseMs: 50, clock });
  work.ask("a");
  work.ask("a");
  work.ask("b");
  assert.deepEqual(done, ["a", "b"]);
  await clock.sleeping(50);
  work.ask("a");
  work.ask("a");
  assert.deepEqual(done, ["a", "b"]);
  clock.advance(50);
  await clock.sleeping(50);
  assert.deepEqual(done, ["a", "b", "a"]);
  await work.dispose();
});

test("what is asked for after the end is not done", async () => {
  const done: string[] = [];
  const work = new Coalesced(async (key) => void done.push(key), { pauseMs: 50, clock: createFakeClock() });
  await work.dispose();
  work.ask("a");
  assert.deepEqual(done, []);
});
