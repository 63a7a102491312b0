import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type SharedFolder, type SharedWindow, sharedFolder } from "./sharedFolder.ts";

const five = "1\n2\n3\n4\n5\n";
const changed = "one\n2\n3\n4\nfive\n";

interface Windows extends SharedFolder {
  readonly one: SharedWindow;
  readonly other: SharedWindow;
}

/** Two programs that begin before anything is under review; in the end both have the same under review, and so has the next one. */
async function check(t: TestContext, act: (windows: Windows) => Promise<void>, expected: readonly string[]) {
  const folder = await sharedFolder(t, { a: five });
  const [one, other] = [folder.open(), folder.open()];
  await Promise.all([one.list(), other.list()]);
  await act({ ...folder, one, other });
  for (const window of [one, other, folder.open()]) assert.deepEqual(await window.list(), expected);
}

async function firstHunk({ store }: SharedWindow): Promise<{ hunkIds: string[] }> {
  const [file] = (await store.list({})).data;
  return { hunkIds: file!.hunks.slice(0, 1).map(({ id }) => id) };
}

test("what the agent of one does shows in the other", (t) =>
  check(
    t,
    async ({ one, other }) => {
      await one.agent("a", five, changed);
      await other.tells("update a: 1,1>1,1 5,1>5,1");
    },
    ["update a: 1,1>1,1 5,1>5,1"],
  ));
/** All of it is settled in the one that was told. */
function checkSettled(t: TestContext, settle: "accept" | "reject", left: string) {
  return check(
    t,
    async ({ one, other, text }) => {
      await one.agent("a", five, changed);
      await other.tells("update a: 1,1>1,1 5,1>5,1");
      assert.deepEqual(await other.store[settle]({}), { skipped: [] });
      await one.tells("a: none");
      assert.equal(await text("a"), left);
    },
    [],
  );
}

test("what is kept in the one to which it was told is not listed any more in the one that did it", (t) =>
  checkSettled(t, "accept", changed));
test("nor what is undone there", (t) => checkSettled(t, "reject", five));
test("a part that is kept is gone in both", (t) =>
  check(
    t,
    async ({ one, other }) => {
      await one.agent("a", five, changed);
      await other.store.accept(await firstHunk(other));
      await one.tells("update a: 5,1>5,1");
    },
    ["update a: 5,1>5,1"],
  ));
test("what both have changed goes back to what the user accepted", (t) =>
  check(
    t,
    async ({ one, other, text }) => {
      await one.agent("a", five, "1\nTWO\n3\n4\n5\n");
      await other.agent("a", "1\nTWO\n3\n4\n5\n", "1\nTwo!\nmore\n3\n4\n5\n");
      assert.deepEqual(await one.list(), ["update a: 2,1>2,2"]);
      assert.deepEqual(await one.store.reject({}), { skipped: [] });
      assert.equal(await text("a"), five);
    },
    [],
  ));
test("what one has undone comes back there as the agent's, also after the other's agent has edited the file", (t) =>
  check(
    t,
    async ({ one, other, put }) => {
      await one.agent("a", five, "one\n2\n3\n4\n5\n");
      await one.store.reject({});
      await other.agent("a", five, "1\n2\n3\n4\nfive\n");
      await one.tells("update a: 5,1>5,1");
      await put("a", changed);
      await one.tells("update a: 1,1>1,1 5,1>5,1");
    },
    ["update a: 1,1>1,1 5,1>5,1"],
  ));
test("a deleted file, and one that is there again", (t) =>
  check(
    t,
    async ({ one, other, text }) => {
      await one.agent("a", five, undefined);
      await other.tells("delete a: 1,5>1,0");
      await other.store.reject({});
      await one.tells("a: none");
      assert.equal(await text("a"), five);
    },
    [],
  ));
test("what one's agent does while a command of the other runs is not the command's", (t) =>
  check(
    t,
    async ({ one, other }) => {
      const { commands } = other.store;
      const author = { threadId: "u", turnId: "2", itemId: "2" };
      await one.agent("a", five, "one\n2\n3\n4\n5\n");
      await other.tells("update a: 1,1>1,1");
      commands.begin(author);
      const { promise, resolve } = Promise.withResolvers<void>();
      commands.run(author, promise);
      await one.agent("a", "one\n2\n3\n4\n5\n", changed);
      await other.tells("update a: 1,1>1,1 5,1>5,1");
      resolve();
      await commands.settled();
      commands.end("2");
      const [file] = (await other.store.list({})).data;
      assert.deepEqual(new Set(file?.authors.map(({ threadId }) => threadId)), new Set(["t"]));
    },
    ["update a: 1,1>1,1 5,1>5,1"],
  ));
test("and what the command does to a file of the other's is", (t) =>
  check(
    t,
    async ({ one, other, put }) => {
      const { commands } = other.store;
      const author = { threadId: "u", turnId: "2", itemId: "2" };
      await one.agent("a", five, "one\n2\n3\n4\n5\n");
      await other.tells("update a: 1,1>1,1");
      commands.begin(author);
      const { promise, resolve } = Promise.withResolvers<void>();
      commands.run(author, promise);
      await put("a", changed);
      resolve();
      await commands.settled();
      commands.end("2");
      await one.tells("update a: 1,1>1,1 5,1>5,1");
    },
    ["update a: 1,1>1,1 5,1>5,1"],
  ));
