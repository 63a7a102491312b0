import assert from "node:assert/strict";
import { basename } from "node:path";
import { type TestContext, test } from "node:test";
import type { UndoneFile } from "../../../src/core/review/undone.ts";
import { type SharedWindow, sharedFolder } from "./sharedFolder.ts";

const files = { a: "1\n2\n3\n", b: "1\n2\n3\n" };

interface Windows {
  /** Has the thread. */
  readonly one: SharedWindow;
  readonly other: SharedWindow;
  undo(window: SharedWindow, name: "a" | "b"): Promise<void>;
}

const shown = (noted: readonly UndoneFile[]) =>
  noted.map(({ path, outcome, hunkIds }) => `${basename(path)}: ${outcome} ${hunkIds.length}`);

async function untold({ store }: SharedWindow) {
  await store.undone.ready("t");
  return store.undone.of("t");
}

/** What the model of a thread is still to be told by the next program, after two have worked in one folder, sorted. */
async function check(t: TestContext, act: (windows: Windows) => Promise<void>, expected: readonly string[]) {
  const folder = await sharedFolder(t, files);
  const one = folder.open();
  await one.agent("a", files.a, "one\n2\nthree\n");
  await one.agent("b", files.b, "one\n2\n3\n");
  const other = folder.open();
  await Promise.all([untold(one), untold(other)]);
  await act({
    one,
    other,
    async undo({ store }, name) {
      folder.clock.advance(1);
      const path = folder.path(name);
      const { data } = await store.list({});
      const [first] = data.filter((file) => file.path === path).flatMap(({ hunks }) => hunks);
      assert.ok(first);
      assert.deepEqual(await store.reject({ path, hunkIds: [first.id] }), { skipped: [] });
    },
  });
  assert.deepEqual(shown((await untold(folder.open())).files).toSorted(), expected);
}

test("what is taken back in two windows is all told, in the order of the undoing", (t) =>
  check(
    t,
    async ({ one, other, undo }) => {
      await undo(one, "a");
      await undo(other, "b");
      await undo(one, "a");
      for (const window of [one, other])
        assert.deepEqual(shown((await untold(window)).files), ["b: changed 1", "a: changed 2"]);
    },
    ["a: changed 2", "b: changed 1"],
  ));
test("at once, too", (t) =>
  check(t, async ({ one, other, undo }) => void (await Promise.all([undo(one, "b"), undo(other, "a")])), [
    "a: changed 1",
    "b: changed 1",
  ]));
test("the model of a thread that one has is told what the other takes back, and not again by the other", (t) =>
  check(
    t,
    async ({ one, other, undo }) => {
      await undo(one, "a");
      await undo(other, "b");
      const told = await untold(one);
      assert.deepEqual(shown(told.files), ["a: changed 1", "b: changed 1"]);
      await one.store.undone.told("t", told);
      assert.deepEqual(shown((await untold(other)).files), []);
    },
    [],
  ));
test("what is taken back while the model is told waits for the next time", (t) =>
  check(
    t,
    async ({ one, other, undo }) => {
      await undo(one, "a");
      const told = await untold(one);
      await undo(other, "b");
      await undo(one, "a");
      await one.store.undone.told("t", told);
    },
    ["a: changed 1", "b: changed 1"],
  ));
test("a thread that is deleted leaves none of it", (t) =>
  check(
    t,
    async ({ one, other, undo }) => {
      await undo(one, "a");
      await undo(other, "b");
      await one.store.forgetThread("t");
    },
    [],
  ));
