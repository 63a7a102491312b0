import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptDrafts } from "../../../src/extension/proposal/keptDrafts.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const draft = { itemId: "item-1", index: 0, path: "/ws/a", before: "1\n", text: "one\n", writtenAtMs: 1000 };
const week = 7 * 24 * 60 * 60 * 1000;

function open() {
  const faults: unknown[] = [];
  const { storage } = createMemoryHost();
  const of = (workspace: string) => new KeptDrafts({ storage, workspace, onFault: (fault) => faults.push(fault) });
  return { storage, faults, of, drafts: of("/ws") };
}

test("a draft comes back, in its own workspace", async () => {
  const { drafts, of } = open();
  drafts.write(draft);
  assert.deepEqual(await drafts.list(2000), [{ ...draft, workspace: "/ws" }]);
  assert.deepEqual(await of("/other").list(2000), []);
});

test("a removed one does not", async () => {
  const { drafts } = open();
  drafts.write(draft);
  drafts.remove(draft);
  assert.deepEqual(await drafts.list(2000), []);
});

test("old ones go, and those that cannot be read", async () => {
  const { drafts, storage } = open();
  drafts.write(draft);
  drafts.write({ ...draft, index: 1, writtenAtMs: 2000 });
  await storage.write("proposals/item-1.2.json", "{");
  assert.deepEqual(
    (await drafts.list(week + 1500)).map(({ index }) => index),
    [1],
  );
  assert.deepEqual(await storage.list("proposals"), ["item-1.1.json"]);
});

test("a huge one is not kept", async () => {
  const { drafts, faults } = open();
  drafts.write({ ...draft, text: "x".repeat(3_000_000) });
  assert.deepEqual(await drafts.list(2000), []);
  assert.deepEqual(faults, []);
});

test("what is to be written is, before the window goes", async () => {
  const { drafts, storage } = open();
  drafts.write(draft);
  drafts.write({ ...draft, index: 1 });
  await drafts.written();
  assert.equal((await storage.list("proposals")).length, 2);
});
