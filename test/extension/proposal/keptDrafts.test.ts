import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptDrafts } from "../../../src/extension/proposal/keptDrafts.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const place = { itemId: "item-1", index: 0 };
const draft = { path: "/ws/a", before: "1\n", text: "one\n", writtenAtMs: 1000 };
const week = 7 * 24 * 60 * 60 * 1000;

function open() {
  const faults: unknown[] = [];
  const { storage } = createMemoryHost();
  return { storage, faults, drafts: new KeptDrafts(storage, (fault) => faults.push(fault)) };
}

test("a draft comes back", async () => {
  const { drafts } = open();
  drafts.write(place, draft);
  assert.deepEqual(await drafts.read(place), draft);
  assert.equal(await drafts.read({ ...place, index: 1 }), undefined);
});

test("a removed one does not", async () => {
  const { drafts } = open();
  drafts.write(place, draft);
  drafts.remove(place);
  assert.equal(await drafts.read(place), undefined);
});

test("old ones go, and those that cannot be read", async () => {
  const { drafts, storage } = open();
  drafts.write(place, draft);
  drafts.write({ ...place, index: 1 }, { ...draft, writtenAtMs: 2000 });
  await storage.write("proposals/item-1.2.json", "{");
  assert.equal(await drafts.read({ ...place, index: 2 }), undefined);
  await drafts.removeOld(week + 1500);
  assert.deepEqual(await storage.list("proposals"), ["item-1.1.json"]);
});

test("a huge one is not kept", async () => {
  const { drafts, faults } = open();
  drafts.write(place, { ...draft, text: "x".repeat(3_000_000) });
  assert.equal(await drafts.read(place), undefined);
  assert.deepEqual(faults, []);
});
