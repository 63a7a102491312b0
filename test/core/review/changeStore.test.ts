import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentError } from "../../../src/protocol/errors.ts";
import { pathOf, shown, storeStage } from "./storeStage.ts";

const five = "1\n2\n3\n4\n5\n";
const changed = "one\n2\n3\n4\nfive\n";

test("a hunk is undone, another kept, and clients are told", async () => {
  const { store, agent, files, told, text } = storeStage({ a: five });
  await agent("a", changed);
  const [first] = (await files())[0]!.hunks;
  assert.deepEqual(await store.reject({ path: pathOf("a"), hunkIds: [first!.id] }), { skipped: [] });
  assert.equal(text("a"), "1\n2\n3\n4\nfive\n");
  await store.accept({ path: pathOf("a") });
  assert.equal(text("a"), "1\n2\n3\n4\nfive\n");
  assert.deepEqual(told, ["update a: 1,1>1,1 5,1>5,1", "update a: 5,1>5,1", "a: none"]);
});

test("a made, a deleted and a moved file are undone together", async () => {
  const { host, store, agent, list } = storeStage({ a: five, d: "d\n" });
  await agent("a", changed, { movePath: "b" });
  await agent("n", "new\n");
  await agent("d", undefined);
  assert.deepEqual(await list(), ["update b from a: 1,1>1,1 5,1>5,1", "add n: 1,0>1,1", "delete d: 1,1>1,0"]);
  assert.deepEqual(await store.reject({}), { skipped: [] });
  assert.deepEqual(host.files.snapshot(), { [pathOf("a")]: five, [pathOf("d")]: "d\n" });
  assert.deepEqual(await list(), []);
});

test("and kept together", async () => {
  const { store, agent, list, host } = storeStage({ a: five, d: "d\n" });
  await agent("a", changed, { movePath: "b" });
  await agent("n", "new\n");
  await agent("d", undefined);
  const before = host.files.snapshot();
  await store.accept({});
  assert.deepEqual(await list(), []);
  assert.deepEqual(host.files.snapshot(), before);
});

test("the only hunk of a new file is the file", async () => {
  const { store, agent, files, text } = storeStage({});
  await agent("n", "new\n");
  await store.reject({ hunkIds: (await files())[0]!.hunks.map(({ id }) => id) });
  assert.equal(text("n"), undefined);
  assert.deepEqual(await files(), []);
});

test("what the user adds to a new file stays when the agent's lines go", async () => {
  const { store, agent, put, text, list } = storeStage({});
  await agent("n", "new\n");
  put("n", "new\nmine\n");
  await store.reject({});
  assert.equal(text("n"), "mine\n");
  assert.deepEqual(await list(), []);
});

test("an empty new file that the user writes into is the user's once it is undone", async () => {
  const { store, agent, put, text, list } = storeStage({});
  await agent("n", "");
  put("n", "mine\n");
  assert.deepEqual((await store.reject({})).skipped, []);
  assert.equal(text("n"), "mine\n");
  assert.deepEqual(await list(), []);
});

test("an empty new file is under review, and goes", async () => {
  const { store, agent, list, text } = storeStage({});
  await agent("n", "");
  assert.deepEqual(await list(), ["add n:"]);
  await store.reject({});
  assert.equal(text("n"), undefined);
});

test("a file that the agent made and deleted is nothing to review", async () => {
  const { agent, list } = storeStage({});
  await agent("n", "new\n");
  await agent("n", undefined);
  assert.deepEqual(await list(), []);
});

test("deleted and made anew is an update", async () => {
  const { agent, list, store, text } = storeStage({ a: "1\n2\n" });
  await agent("a", undefined);
  await agent("a", "1\ntwo\n");
  assert.deepEqual(await list(), ["update a: 2,1>2,1"]);
  await store.reject({});
  assert.equal(text("a"), "1\n2\n");
});

test("a deleted program is one again", async () => {
  const { host, store, agent } = storeStage({ run: "#!/bin/sh\n" });
  const { stat, apply } = host.files;
  const executables: unknown[] = [];
  Object.assign(host.files, {
    stat: async (...args: Parameters<typeof stat>) => ({ ...(await stat(...args)), executable: true }),
    apply: (...args: Parameters<typeof apply>) => {
      executables.push(...args[0].map((edit) => (edit.kind === "add" ? edit.executable : undefined)));
      return apply(...args);
    },
  });
  await agent("run", undefined);
  await store.reject({});
  assert.deepEqual(executables, [undefined, true]);
});

test("a hunk that the user changed further is left alone unless it is meant", async () => {
  const { store, agent, put, text } = storeStage({ a: five });
  await agent("a", "1\nA\nB\nC\n5\n");
  put("a", "1\nA\nmine\nC\n5\n");
  const { skipped } = await store.reject({});
  assert.deepEqual(
    skipped.map(({ path, reason }) => [path, reason]),
    [[pathOf("a"), "edited"]],
  );
  assert.equal(text("a"), "1\nA\nmine\nC\n5\n");
  assert.deepEqual(await store.reject({ includeEdited: true }), { skipped: [] });
  assert.equal(text("a"), five);
});

test("changes are selected by turn and by thread", async () => {
  const { store, agent, list, text } = storeStage({ a: five });
  await agent("a", "one\n2\n3\n4\n5\n", { call: "1" });
  await agent("a", changed, { call: "2" });
  const { data } = await store.list({ turnId: "2" });
  assert.deepEqual(
    data.map((file) => shown(file)),
    ["update a: 5,1>5,1"],
  );
  await store.reject({ threadId: "another" });
  await store.accept({ turnId: "1" });
  assert.deepEqual(await list(), ["update a: 5,1>5,1"]);
  await store.reject({ threadId: "t", turnId: "2" });
  assert.equal(text("a"), "one\n2\n3\n4\n5\n");
  assert.deepEqual((await store.list({ turnId: "2" })).data, []);
});

test("a hunk that is settled already is unknown", async () => {
  const { store } = storeStage({ a: five });
  const { skipped } = await store.reject({ path: pathOf("a"), hunkIds: ["gone"] });
  assert.deepEqual(
    skipped.map(({ hunkId, reason }) => [hunkId, reason]),
    [["gone", "unknown"]],
  );
});

test("a file that cannot be written is named, and the others are undone", async () => {
  const { host, store, agent, text, list } = storeStage({ a: "a\n", b: "b\n" });
  await agent("a", "A\n");
  await agent("b", "B\n");
  const denied = new AgentError("permissionDenied", "It is read-only.");
  host.failNext("apply", denied);
  host.failNext("apply", denied);
  const { skipped } = await store.reject({});
  assert.deepEqual(skipped, [{ path: pathOf("a"), hunkId: null, reason: "failed", message: "It is read-only." }]);
  assert.deepEqual([text("a"), text("b")], ["A\n", "b\n"]);
  assert.deepEqual(await list(), ["update a: 1,1>1,1"]);
});

test("a file that cannot be read is neither kept nor undone", async () => {
  const { host, store, agent, list } = storeStage({ a: "a\n" });
  await agent("a", "A\n");
  const denied = new AgentError("permissionDenied", "It may not be read.");
  host.failNext("read", denied);
  assert.deepEqual((await store.accept({})).skipped[0]?.message, "It may not be read.");
  host.failNext("read", denied);
  assert.deepEqual((await store.reject({})).skipped[0]?.message, "It may not be read.");
  assert.deepEqual(await list(), ["update a: 1,1>1,1"]);
});

test("an edit that fails leaves no trace", async () => {
  const { host, agent, list } = storeStage({ a: "a\n" });
  host.failNext("apply", new AgentError("conflict", "It has changed."));
  await assert.rejects(agent("a", "A\n"));
  assert.deepEqual(await list(), []);
  assert.deepEqual(await host.storage.list("reviews"), []);
});

test("what the editor makes of an edit on saving is the agent's", async () => {
  const { agent, list, store, text } = storeStage(
    { a: "1\n2\n3\n" },
    { onSave: (_path, bytes) => new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll("x", "X")) },
  );
  await agent("a", "1\nx\n3\n");
  assert.deepEqual(await list(), ["update a: 2,1>2,1"]);
  await store.reject({});
  assert.equal(text("a"), "1\n2\n3\n");
});

test("a binary file is kept or undone as a whole", async () => {
  const before = new Uint8Array([0, 1, 2]);
  const { agent, list, store, host, put } = storeStage({ a: before });
  await agent("a", new Uint8Array([0, 9]));
  assert.deepEqual(await list(), ["update a: binary"]);
  put("a", new Uint8Array([0, 7]));
  const { skipped } = await store.reject({});
  assert.equal(skipped[0]?.reason, "edited");
  await store.reject({ includeEdited: true });
  assert.deepEqual(host.files.bytes(pathOf("a")), before);
  assert.deepEqual(await list(), []);
});

test("both texts are read, without a byte order mark", async () => {
  const { agent, store } = storeStage({ a: "\ufeff1\n2\n" });
  await agent("a", "\ufeff1\ntwo\n");
  assert.deepEqual(await store.read({ path: pathOf("a") }), { baseline: "1\n2\n", current: "1\ntwo\n" });
  await agent("n", "new\n");
  assert.deepEqual(await store.read({ path: pathOf("n") }), { baseline: null, current: "new\n" });
  await agent("n", undefined);
  await agent("a", undefined);
  assert.deepEqual(await store.read({ path: pathOf("a") }), { baseline: "1\n2\n", current: null });
});

test("a thread that is deleted takes its authorship along", async () => {
  const { agent, store, list, text } = storeStage({ a: five });
  await agent("a", changed);
  await store.forgetThread("another");
  assert.deepEqual(await list(), ["update a: 1,1>1,1 5,1>5,1"]);
  await store.forgetThread("t");
  assert.deepEqual(await list(), []);
  assert.equal(text("a"), changed);
});

test("ids stay while other lines change", async () => {
  const { agent, files, put } = storeStage({ a: five });
  await agent("a", changed);
  const ids = async () => (await files())[0]!.hunks.map(({ id }) => id);
  const before = await ids();
  put("a", "one\n2\nmine\n3\n4\nfive\n");
  assert.deepEqual(await ids(), before);
});
