import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../support/random.ts";
import { bytesOf, type Content, pathOf, type StoreStage, storeStage } from "./storeStage.ts";

const five = "1\n2\n3\n4\n5\n";

interface Windows {
  readonly one: StoreStage;
  /** Began on the same disk while the first went on. */
  readonly other: StoreStage;
}

/**
 * What two programs on one folder, neither of which sees what the other keeps, do to its files, and what the next one has under review. Undoing all of it brings back what the user had
 * accepted, which is `base` unless it is named.
 */
async function check(
  files: Readonly<Record<string, Content>>,
  act: (windows: Windows) => Promise<void>,
  expected: readonly string[],
  accepted: Readonly<Record<string, Content>> = files,
): Promise<void> {
  const one = storeStage(files, { isDeaf: true });
  const other = one.crash();
  // No two programs are asked at the same millisecond.
  other.clock.advance(1);
  await Promise.all([one.list(), other.list()]);
  await act({ one, other });
  await one.store.dispose();
  await other.store.dispose();
  const next = one.crash();
  assert.deepEqual((await next.list()).toSorted(), expected.toSorted());
  assert.deepEqual(next.warnings, []);
  assert.deepEqual((await next.store.reject({ includeEdited: true })).skipped, []);
  assert.deepEqual(
    next.host.files.snapshot(),
    Object.fromEntries(Object.entries(accepted).map(([name, content]) => [pathOf(name), content])),
  );
  assert.deepEqual(await next.host.storage.list("reviews"), []);
}

test("edits of one file in two windows are both under review, whoever is written last", async () => {
  for (const last of ["one", "other"] as const)
    await check(
      { a: five },
      async (windows) => {
        const { one, other } = windows;
        await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
        await other.agent("a", "one\n2\n3\n4\nfive\n", { call: "2" });
        await windows[last].agent("a", "one\n2\nthree\n4\nfive\n", { call: "3" });
      },
      ["update a: 1,1>1,1 3,1>3,1 5,1>5,1"],
    );
});
test("an edit of what the other window had edited goes back to what the user accepted", () =>
  check(
    { a: five },
    async ({ one, other }) => {
      await one.agent("a", "1\ntwo\n3\n4\n5\n", { call: "1" });
      await other.agent("a", "1\nTWO\n3\n4\n5\n", { call: "2" });
      await one.agent("a", "1\nTwo!\n3\n4\n5\n", { call: "3" });
    },
    ["update a: 2,1>2,1!"],
  ));
test("each in files of its own", () =>
  check(
    { a: five, b: five },
    async ({ one, other }) => {
      await one.agent("a", "1\n");
      await other.agent("b", "2\n");
    },
    ["update a: 2,4>2,0", "update b: 1,1>1,0 3,3>2,0"],
  ));
test("a file that one made and the other edited", () =>
  check(
    {},
    async ({ one, other }) => {
      await one.agent("n", "1\n", { call: "1" });
      await other.agent("n", "1\n2\n", { call: "2" });
    },
    ["add n: 1,0>1,2"],
  ));
test("a file that one edited and the other deleted", () =>
  check(
    { a: five },
    async ({ one, other }) => {
      await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
      await other.agent("a", undefined, { call: "2" });
    },
    ["delete a: 1,5>1,0"],
  ));
test("a file that the first to edit it deletes after the other's edit", () =>
  check(
    { a: five },
    async ({ one, other }) => {
      await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
      await other.agent("a", "one\n2\n3\n4\nfive\n", { call: "2" });
      await one.agent("a", undefined, { call: "3" });
    },
    ["delete a: 1,5>1,0"],
  ));
test("a binary file", () =>
  check(
    { a: "\0old" },
    async ({ one, other }) => {
      await one.agent("a", "\0new", { call: "1" });
      await other.agent("a", "\0newer", { call: "2" });
    },
    ["update a: binary"],
  ));
test("a line of one's agent that the other took for somebody's, and replaced with lines of its own, counts as accepted", () =>
  check(
    { a: five },
    async ({ one, other }) => {
      await one.agent("a", "1\n2\n3\n5\n", { call: "1" });
      await other.agent("a", "1\ntwo\n3\n5\n", { call: "2" });
      await one.agent("a", "1\nboth\n5\n", { call: "3" });
    },
    ["update a: 2,4>2,1!"],
    { a: "1\ntwo\n2\n3\n4\n5\n" },
  ));
test("what is kept in one window stays under review as far as it is the other's", () =>
  check(
    { a: five },
    async ({ one, other }) => {
      await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
      await other.agent("a", "one\n2\n3\n4\nfive\n", { call: "2" });
      await one.store.accept({});
      assert.deepEqual(await one.list(), []);
    },
    ["update a: 5,1>5,1"],
    { a: "one\n2\n3\n4\n5\n" },
  ));
test("what is undone in one window is, too", () =>
  check(
    { a: five },
    async ({ one, other }) => {
      await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
      await other.agent("a", "one\n2\n3\n4\nfive\n", { call: "2" });
      await one.store.reject({});
    },
    ["update a: 5,1>5,1"],
  ));
test("what a window found when it began, and what the first made of it since", async () => {
  const one = storeStage({ a: five }, { isDeaf: true });
  await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
  const other = one.crash();
  assert.deepEqual(await other.list(), ["update a: 1,1>1,1"]);
  await one.agent("a", "one\n2\nthree\n4\n5\n", { call: "2" });
  await other.store.accept({});
  assert.deepEqual(await other.list(), []);
  await one.store.dispose();
  await other.store.dispose();
  // What the second kept was the first's, too, which still lists it.
  assert.deepEqual(await one.crash().list(), ["update a: 1,1>1,1 3,1>3,1"]);
});

test("what one has undone is nothing that the other keeps once it has kept the rest", async () => {
  const one = storeStage({ a: five });
  await one.agent("a", "one\n2\n3\n4\nfive\n");
  const other = one.crash();
  await other.list();
  const [first] = (await one.files())[0]!.hunks;
  await one.store.reject({ hunkIds: [first!.id] });
  assert.deepEqual(await other.list(), ["update a: 5,1>5,1"]);
  await other.store.accept({});
  assert.deepEqual(await other.host.storage.list("reviews"), []);
});

test("what a window heard of before it was made is under review, also when its own agent edits the file next", async () => {
  const one = storeStage({ a: five });
  const other = one.crash();
  await one.agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
  await other.list();
  await one.store.reject({});
  await other.list();
  const { files } = one.host;
  const edit = {
    kind: "update",
    path: pathOf("a"),
    before: files.bytes(pathOf("a"))!,
    after: bytesOf("ONE\n2\n3\n4\n5\n"),
  } as const;
  await one.store.edit(
    { edits: [edit], author: { threadId: "t", turnId: "3", itemId: "3" }, review: "after" },
    async () => {
      await other.list();
      return { changes: [{ edit }], result: await files.apply([edit], new AbortController().signal) };
    },
  );
  await other.agent("a", "ONE\n2\n3\n4\nfive\n", { call: "4" });
  assert.deepEqual(await one.crash().list(), ["update a: 1,1>1,1 5,1>5,1"]);
});

/** Two windows whose agents edit lines of one text in turns; resolves with what it is once all of it is undone. */
async function undoneAfter(seed: number, width: number, { isDeaf = true } = {}): Promise<string> {
  const random = createRandom(seed);
  const lines = Array.from({ length: 24 }, (_, line) => `${line}\n`);
  const one = storeStage({ a: lines.join("") }, { isDeaf });
  const windows = [one, one.crash()];
  for (const window of windows) await window.list();
  const marks = ["12\n", "0\n"];
  let now = lines;
  for (let step = 0; step < 8; step++) {
    for (const { clock } of windows) clock.advance(1);
    const who = random() < 0.5 ? 0 : 1;
    // Each has a part of its own, which begins after a line that nobody changes, when there are two.
    const from = width < 24 ? now.indexOf(marks[1 - who]!) + 1 : 0;
    const place = from + Math.floor(random() * (width - 4));
    const count = Math.floor(random() * 3);
    const isIn = now.slice(place, place + count).every((line) => width === 24 || !marks.includes(line));
    if (isIn) now = now.toSpliced(place, count, ...(random() < 0.7 ? [`${seed}.${step}\n`] : []));
    await windows[who]!.agent("a", now.join(""), { call: `${step}` });
  }
  for (const { store } of windows) await store.dispose();
  const next = one.crash();
  await next.store.reject({ includeEdited: true });
  return next.text("a") ?? "";
}
const text = Array.from({ length: 24 }, (_, line) => `${line}\n`).join("");

test("whatever two windows do apart, undoing it brings back what the user had accepted", async () => {
  for (let seed = 0; seed < 60; seed++) assert.equal(await undoneAfter(seed, 8), text, `seed ${seed}`);
});
test("and in the same lines, every line of it", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const lines = (await undoneAfter(seed, 24)).split("\n");
    for (const line of text.split("\n")) assert.ok(lines.includes(line), `seed ${seed}: ${line}`);
  }
});
test("and when each sees what the other keeps, nothing else", async () => {
  for (let seed = 0; seed < 60; seed++)
    assert.equal(await undoneAfter(seed, 24, { isDeaf: false }), text, `seed ${seed}`);
});
