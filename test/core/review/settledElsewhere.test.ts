import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type SharedFolder, type SharedWindow, sharedFolder } from "./sharedFolder.ts";

const five = "1\n2\n3\n4\n5\n";
const added = "1\n2\n3\n4\n5\nmore\n";
const typed = "ONE\n2\n3\n4\n5\nmore\n";

interface Windows extends SharedFolder {
  readonly one: SharedWindow;
  readonly other: SharedWindow;
}

/**
 * The agent of one program adds a line, the user types elsewhere, which that program has seen and not yet written, and the other program does something
 * of which the one does not hear before it ends. The next program has `expected` under review; undoing all of that leaves `accepted`.
 */
async function check(
  t: TestContext,
  act: (windows: Windows) => Promise<void>,
  { expected, accepted }: { expected: readonly string[]; accepted: string },
) {
  const folder = await sharedFolder(t, { a: five });
  const [one, other] = [folder.open({ hears: "asking" }), folder.open()];
  await one.agent("a", five, added);
  await folder.put("a", typed);
  assert.deepEqual(await one.list(), ["update a: 6,0>6,1"]);
  await act({ ...folder, one, other });
  await one.store.dispose();
  await other.store.dispose();
  const next = folder.open();
  assert.deepEqual(await next.list(), expected);
  assert.deepEqual(await next.store.reject({}), { skipped: [] });
  assert.equal(await folder.text("a"), accepted);
}

test("what the other has kept stays kept", (t) =>
  check(t, async ({ other }) => void (await other.store.accept({})), { expected: [], accepted: typed }));
test("also when the one gets to writing before it ends", (t) =>
  check(
    t,
    async ({ other, clock }) => {
      await other.store.accept({});
      clock.advance(2000);
    },
    { expected: [], accepted: typed },
  ));
test("what the other has undone stays undone", (t) =>
  check(t, async ({ other }) => void (await other.store.reject({})), {
    expected: [],
    accepted: "ONE\n2\n3\n4\n5\n",
  }));
test("what the other's agent did is under review, and what was kept before is not", (t) =>
  check(
    t,
    async ({ other }) => {
      await other.store.accept({});
      await other.agent("a", typed, "ONE\n2\nthree\n4\n5\nmore\n");
    },
    { expected: ["update a: 3,1>3,1"], accepted: typed },
  ));
test("what the user typed is not under review when nobody did anything else", (t) =>
  check(t, async () => {}, { expected: ["update a: 6,0>6,1"], accepted: "ONE\n2\n3\n4\n5\n" }));
test("what a command of the one did, and was not written yet, is under review without what the other has kept", (t) =>
  check(
    t,
    async ({ one, other, put }) => {
      const author = { threadId: "u", turnId: "2", itemId: "2" };
      one.store.commands.begin(author);
      one.store.commands.run(author, new Promise(() => {}));
      await put("a", "ONE\n2\n3\nfour\n5\nmore\n");
      assert.deepEqual(await one.list(), ["update a: 4,1>4,1 6,0>6,1"]);
      await other.store.accept({});
    },
    { expected: ["update a: 4,1>4,1"], accepted: typed },
  ));
test("what the other keeps while the one writes what it saw stays kept", (t) =>
  check(
    t,
    async ({ other, clock }) => {
      clock.advance(2000);
      await other.store.accept({});
    },
    { expected: [], accepted: typed },
  ));
