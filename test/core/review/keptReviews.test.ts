import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { afterAgent, newEntry } from "../../../src/core/review/fileEntry.ts";
import { KeptReviews } from "../../../src/core/review/keptReviews.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";
import { bytesOf, pathOf } from "./storeStage.ts";

const author = { threadId: "t", turnId: "1", itemId: "1" };
const entry = (text: string) => afterAgent(newEntry(pathOf("a"), bytesOf("1\n")), { author, after: bytesOf(text) });

/** A disk that is full until it is told otherwise. */
function stage() {
  const host = createMemoryHost({});
  const faults: unknown[] = [];
  let full = true;
  let killed = false;
  const unlessFull = async (work: () => Promise<void>) => {
    if (full) throw new AgentError("internal", "The disk is full.");
    await work();
  };
  const storage = {
    ...host.storage,
    write: (name: string, text: string) => unlessFull(() => host.storage.write(name, text)),
    remove: (name: string) => (killed ? new Promise<void>(() => {}) : unlessFull(() => host.storage.remove(name))),
  };
  const make = () =>
    new KeptReviews({
      host: { ...host, storage },
      paths: pathsOf(host.platform),
      clock: createFakeClock(),
      newId: randomUUID,
      clients: { notify() {} },
      log: (fault) => faults.push(fault),
    });
  const fill = (isFull: boolean) => {
    full = isFull;
  };
  /** A process that is killed removes nothing any more; the next one does. */
  const killing = async (work: () => Promise<unknown>) => {
    killed = true;
    void work();
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    killed = false;
  };
  return { kept: make(), again: make, faults, fill, killing };
}

test("what found no room on the disk is written once there is some", async () => {
  const { kept, again, faults, fill } = stage();
  kept.put(entry("2\n"));
  await kept.written();
  assert.equal(faults.length, 1);
  fill(false);
  await kept.written();
  assert.deepEqual(await again().read(), [entry("2\n")]);
});

test("and what came later takes its place", async () => {
  const { kept, again, fill } = stage();
  kept.put(entry("2\n"));
  const writing = kept.written();
  kept.put(entry("3\n"));
  await writing;
  fill(false);
  await kept.written();
  assert.deepEqual(await again().read(), [entry("3\n")]);
});

test("what could not be removed is removed then", async () => {
  const { kept, again, fill } = stage();
  fill(false);
  kept.put(entry("2\n"));
  await kept.written();
  fill(true);
  kept.remove(pathOf("a"));
  await kept.written();
  fill(false);
  await kept.written();
  assert.deepEqual(await again().read(), []);
});

/** What a process leaves that is killed after it has written an entry, and before it has removed the one in whose place that is. */
async function killedBetween() {
  const { kept, again, fill, killing } = stage();
  fill(false);
  kept.put(entry("2\n"));
  await kept.written();
  kept.put(entry("3\n"));
  await killing(() => kept.written());
  const next = again();
  assert.deepEqual(await next.read(), [entry("3\n")]);
  return { next, again };
}

test("what was replaced does not come back when the next process writes", async () => {
  const { next, again } = await killedBetween();
  next.put(entry("4\n"));
  await next.written();
  assert.deepEqual(await again().read(), [entry("4\n")]);
});

test("nor when it removes", async () => {
  const { next, again } = await killedBetween();
  next.remove(pathOf("a"));
  await next.written();
  assert.deepEqual(await again().read(), []);
});
