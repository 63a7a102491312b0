import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf, storeStage } from "./storeStage.ts";

const five = "1\n2\n3\n4\n5\n";
const changed = "one\n2\n3\n4\nfive\n";

test("typing is followed live, at most once in a while", async () => {
  const { host, agent, next, told, clock, put } = storeStage({ a: five });
  await agent("a", changed);
  const typed = next();
  put("a", `top\n${changed}`);
  host.files.hint({ kind: "changed", path: pathOf("a"), by: "editor" });
  assert.equal(await typed, "update a: 2,1>2,1 6,1>6,1");
  await clock.sleeping(50);
  put("a", `t\n${changed}`);
  host.files.hint({ kind: "changed", path: pathOf("a"), by: "editor" });
  put("a", `top\ntop\n${changed}`);
  host.files.hint({ kind: "changed", path: pathOf("a"), by: "editor" });
  const later = next();
  clock.advance(50);
  assert.equal(await later, "update a: 3,1>3,1 7,1>7,1");
  assert.equal(told.length, 3);
});

test("undone, and done again by Ctrl+Z", async () => {
  const { agent, store, list, put } = storeStage({ a: five });
  await agent("a", changed);
  await store.reject({});
  assert.deepEqual(await list(), []);
  put("a", changed);
  assert.deepEqual(await list(), ["update a: 1,1>1,1 5,1>5,1"]);
});

test("kept, and nothing comes back by Ctrl+Z: what the user undoes is the user's", async () => {
  const { agent, store, list, put } = storeStage({ a: five });
  await agent("a", changed);
  await store.accept({});
  put("a", five);
  assert.deepEqual(await list(), []);
});

test("what the agent tries instead of what was undone is its new try alone", async () => {
  const { agent, store, list, files, text } = storeStage({ a: five });
  await agent("a", changed);
  await store.reject({});
  await agent("a", "uno\n2\n3\n4\n5\n", { call: "2" });
  assert.deepEqual(await list(), ["update a: 1,1>1,1"]);
  assert.deepEqual(
    (await files())[0]?.authors.map(({ itemId }) => itemId),
    ["2"],
  );
  await store.reject({});
  assert.equal(text("a"), five);
});

test("other text in the place of what was undone is the user's", async () => {
  const { agent, store, list, put } = storeStage({ a: five });
  await agent("a", changed);
  await store.reject({});
  put("a", "mine\n2\n3\n4\n5\n");
  assert.deepEqual(await list(), []);
});

test("the user renames the file", async () => {
  const { agent, store, host, list, told, text, next } = storeStage({ a: five });
  await agent("a", changed);
  host.files.put(pathOf("a"), undefined);
  host.files.put(pathOf("b"), changed);
  const first = next();
  host.files.hint({ kind: "moved", path: pathOf("a"), movePath: pathOf("b") });
  await first;
  assert.deepEqual(await list(), ["update b: 1,1>1,1 5,1>5,1"]);
  assert.deepEqual(told.slice(1), ["a: none", "update b: 1,1>1,1 5,1>5,1"]);
  await store.reject({});
  assert.deepEqual([text("a"), text("b")], [undefined, five]);
});

test("the user renames the folder of files, one of which the agent had moved there", async () => {
  const { agent, store, host, list, text, next } = storeStage({ "x/a": five, b: five });
  await agent("x/a", changed);
  await agent("b", changed, { movePath: "x/b" });
  for (const name of ["a", "b"]) {
    host.files.put(pathOf(`x/${name}`), undefined);
    host.files.put(pathOf(`y/${name}`), changed);
  }
  const first = next();
  host.files.hint({ kind: "moved", path: pathOf("x"), movePath: pathOf("y") });
  await first;
  assert.deepEqual(await list(), ["update y/a: 1,1>1,1 5,1>5,1", "update y/b from b: 1,1>1,1 5,1>5,1"]);
  await store.reject({});
  assert.deepEqual([text("y/a"), text("b")], [five, five]);
});

test("the user deletes the file, and it comes back with another branch", async () => {
  const { agent, list, put } = storeStage({ a: five });
  await agent("a", changed);
  put("a", undefined);
  assert.deepEqual(await list(), []);
  put("a", changed);
  assert.deepEqual(await list(), ["update a: 1,1>1,1 5,1>5,1"]);
});

test("it comes back with another branch, also when somebody looks while git is still writing", async () => {
  for (const written of ["", "1\n2\n", "on"]) {
    const { agent, list, put, store } = storeStage({ a: five });
    await agent("a", changed);
    const [reviewed] = [await list()];
    for (const text of [written, five, written, changed]) {
      put("a", text);
      await list();
    }
    assert.deepEqual(await list(), reviewed, JSON.stringify(written));
    await store.accept({});
    for (const text of [five, changed]) {
      put("a", text);
      assert.deepEqual(await list(), [], "What the user kept stays so.");
    }
  }
});

test("a deletion that was taken back is one again when that is undone", async () => {
  const { agent, put, list, store, text } = storeStage({ a: "1\n2\n" });
  await agent("a", undefined);
  put("a", "1\n2\n");
  assert.deepEqual(await list(), []);
  put("a", undefined);
  assert.deepEqual(await list(), ["delete a: 1,2>1,0"]);
  assert.deepEqual(await store.reject({}), { skipped: [] });
  assert.equal(text("a"), "1\n2\n");
});

test("a file that the agent deleted is back by somebody else", async () => {
  const { agent, list, put, store, text } = storeStage({ a: five });
  await agent("a", undefined);
  put("a", five);
  assert.deepEqual(await list(), []);
  put("a", "other\n");
  assert.deepEqual((await store.reject({})).skipped, []);
  assert.equal(text("a"), "other\n");
});

test("a new file that was undone is made by the user", async () => {
  const { agent, list, put, store } = storeStage({});
  await agent("n", "new\n");
  await store.reject({});
  put("n", "mine\n");
  assert.deepEqual(await list(), []);
});

test("and one that the user deleted, with other text", async () => {
  const { agent, list, put } = storeStage({});
  await agent("n", "new\n");
  put("n", undefined);
  await list();
  put("n", "mine\n");
  assert.deepEqual(await list(), []);
});

test("and with the same", async () => {
  const { agent, list, put } = storeStage({});
  await agent("n", "new\n");
  put("n", undefined);
  await list();
  put("n", "new\n");
  assert.deepEqual(await list(), ["add n: 1,0>1,1"]);
});

test("an empty file in a place that the agent's left is somebody's own", async () => {
  const { agent, list, put } = storeStage({ a: five });
  await agent("a", five, { movePath: "b" });
  put("a", "");
  assert.deepEqual(await list(), ["update b from a:"]);
});

test("a place that is taken again is not written over", async () => {
  const { agent, store, put, text } = storeStage({ a: five });
  await agent("a", five, { movePath: "b" });
  put("a", "mine\n");
  const { skipped } = await store.reject({});
  assert.equal(skipped[0]?.reason, "failed");
  assert.deepEqual([text("a"), text("b")], ["mine\n", five]);
});

test("moved twice by the agent is one move, and back is none", async () => {
  const { agent, list } = storeStage({ a: five });
  await agent("a", five, { movePath: "b" });
  await agent("b", five, { movePath: "c" });
  assert.deepEqual(await list(), ["update c from a:"]);
  await agent("c", five, { movePath: "a" });
  assert.deepEqual(await list(), []);
});

test("moved, then deleted, then undone, it is where it was", async () => {
  const { agent, list, store, host } = storeStage({ a: five });
  await agent("a", changed, { movePath: "b" });
  await agent("b", undefined);
  assert.deepEqual(await list(), ["delete b from a: 1,5>1,0"]);
  await store.reject({});
  assert.deepEqual(host.files.snapshot(), { [pathOf("a")]: five });
});

test("another branch and back: many files replaced at once, without a hint", async () => {
  const names = Array.from({ length: 30 }, (_, at) => `f${at}`);
  const { agent, list, put, host } = storeStage(Object.fromEntries(names.map((name) => [name, five])));
  for (const name of names) await agent(name, changed);
  const before = await list();
  for (const name of names) put(name, name === "f3" ? undefined : "another\nbranch\n");
  await list();
  for (const name of names) put(name, changed);
  assert.deepEqual(await list(), before);
  for (const name of names) assert.equal(host.files.snapshot()[pathOf(name)], changed);
});

test("the user stores the file in another encoding", async () => {
  const { agent, store, put, host, list } = storeStage({ a: "\u20ac\n2\n3\n" });
  await agent("a", "\u20ac\n2\nthree\n");
  const wide = new Uint8Array(Buffer.from("\ufeff\u20ac\n2\nthree\n", "utf16le"));
  put("a", wide);
  assert.deepEqual(await list(), ["update a: 3,1>3,1"]);
  await store.reject({});
  assert.deepEqual(host.files.bytes(pathOf("a")), new Uint8Array(Buffer.from("\ufeff\u20ac\n2\n3\n", "utf16le")));
});

test("and in one that lacks a character of what was", async () => {
  const { agent, store, put, host, list } = storeStage({ a: "1\n\u20ac\n3\n" });
  await agent("a", "1\ntwo\n3\n");
  put("a", new Uint8Array(Buffer.from("\ufeff1\ntwo\n3\n", "utf16le")));
  await list();
  const latin1 = new Uint8Array(Buffer.from("1\ntwo\n\u00e9\n", "latin1"));
  put("a", latin1);
  await list();
  const { skipped } = await store.reject({});
  assert.equal(skipped[0]?.reason, "failed");
  assert.deepEqual(host.files.bytes(pathOf("a")), latin1);
  await agent("a", new Uint8Array([0, 1]));
  assert.deepEqual(await list(), ["update a: binary"]);
});

test("the user formats the whole file while a hunk is under review", async () => {
  const { agent, store, put, text } = storeStage({ a: "f(a){\nx\n}\ng(){\ny\n}\n" });
  await agent("a", "f(a){\nX\n}\ng(){\ny\n}\n");
  put("a", "f(a) {\n  X\n}\ng() {\n  y\n}\n");
  const { skipped } = await store.reject({});
  assert.equal(skipped[0]?.reason, "edited");
  assert.equal(text("a"), "f(a) {\n  X\n}\ng() {\n  y\n}\n");
});

test("a folder takes the file's place, and goes again", async () => {
  const { agent, put, list, store, text } = storeStage({ a: "1\n" });
  await agent("a", "one\n");
  put("a", undefined);
  put("a/b", "mine\n");
  assert.deepEqual(await list(), []);
  assert.deepEqual((await store.reject({ includeEdited: true })).skipped, []);
  assert.equal(text("a/b"), "mine\n");
  put("a/b", undefined);
  put("a", "one\n");
  assert.deepEqual(await list(), ["update a: 1,1>1,1"]);
});

test("a folder takes the place of a file that the agent deleted: the deletion can be kept, and not be undone", async () => {
  const { agent, put, list, store, text } = storeStage({ a: "1\n" });
  await agent("a", undefined);
  put("a/b", "mine\n");
  assert.match((await store.reject({})).skipped[0]!.message, /exists already/);
  assert.deepEqual((await store.accept({})).skipped, []);
  assert.deepEqual(await list(), []);
  assert.equal(text("a/b"), "mine\n");
});
