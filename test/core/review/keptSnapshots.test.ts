import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptSnapshots, type SnapshotLimits } from "../../../src/core/review/keptSnapshots.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const { signal } = new AbortController();

async function withClaims(counts: Readonly<Record<string, number>>, limits: SnapshotLimits) {
  const host = createMemoryHost();
  const kept = new KeptSnapshots(host, limits);
  let createdAt = 0;
  for (const [threadId, count] of Object.entries(counts)) {
    for (let at = 0; at < count; at++) {
      host.files.put("/workspace/a", `${threadId} ${at}`.padEnd(100));
      const id = await kept.take(["/workspace"], signal);
      await kept.claim(threadId, { checkpointId: `${threadId}${at}`, createdAt: createdAt++, snapshots: [id] });
    }
  }
  return { host, kept };
}

const unlimited = { diskBytes: 1e9, perThread: 1e9 };

test("the newest checkpoints of a thread keep their files", async () => {
  const { host, kept } = await withClaims({ a: 14, b: 2 }, { ...unlimited, perThread: 3 });
  await kept.enforce("a");
  assert.deepEqual([...(await kept.withFiles("a"))], ["a11", "a12", "a13"]);
  assert.deepEqual([...(await kept.withFiles("b"))], ["b0", "b1"]);
  assert.equal(await host.snapshots.diskBytes(), 500);
});

test("the oldest of all are let go when they take too much room", async () => {
  const { host, kept } = await withClaims({ a: 6, b: 6 }, { ...unlimited, diskBytes: 1000 });
  await kept.enforce("b");
  assert.deepEqual([...(await kept.withFiles("a"))], []);
  assert.deepEqual([...(await kept.withFiles("b"))].slice(-4), ["b2", "b3", "b4", "b5"]);
  assert.ok((await host.snapshots.diskBytes()) <= 800);
});

test("the newest one stays, however large", async () => {
  const { kept } = await withClaims({ a: 3 }, { ...unlimited, diskBytes: 1 });
  await kept.enforce("a");
  assert.deepEqual([...(await kept.withFiles("a"))], ["a2"]);
});

test("what is taken and not claimed yet is not let go, until it is released", async () => {
  const { host, kept } = await withClaims({ a: 1 }, unlimited);
  host.files.put("/workspace/a", "fresh");
  const taking = kept.take(["/workspace"], signal);
  await kept.remove("a");
  const id = await taking;
  assert.deepEqual(await host.snapshots.compare(id, id), []);
  kept.release([id]);
  await kept.remove("a");
  assert.equal(await host.snapshots.diskBytes(), 0);
});

test("a damaged list costs that thread's files alone", async () => {
  const { host, kept } = await withClaims({ a: 1, b: 1 }, unlimited);
  host.storage.entries.set("checkpoints/a.json", '[{"checkpointId":');
  assert.deepEqual([...(await kept.withFiles("a"))], []);
  assert.deepEqual([...(await kept.withFiles("b"))], ["b0"]);
});
