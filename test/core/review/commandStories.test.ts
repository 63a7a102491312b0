import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileHint } from "../../../src/host/files.ts";
import { pathOf, type StoreStage, storeStage } from "./storeStage.ts";

const turn = { threadId: "t", turnId: "1" };
const { signal } = new AbortController();

/** A turn whose command does `work`; `after` happens between the command's end and the turn's. */
async function played(
  stage: StoreStage,
  { work, after = async () => {} }: { work: () => void | Promise<void>; after?: () => Promise<unknown> },
): Promise<void> {
  const { host, store } = stage;
  const { commands } = store;
  commands.begin(turn);
  const before = await host.snapshots.take(["/workspace"], signal);
  commands.snapshot(turn.turnId, before);
  const ended = Promise.withResolvers<void>();
  commands.run({ ...turn, itemId: "c" }, ended.promise);
  await store.list({});
  await work();
  ended.resolve();
  await ended.promise;
  await commands.settled();
  await after();
  commands.compare({ ...turn, before, after: await host.snapshots.take(["/workspace"], signal) });
  commands.end(turn.turnId);
  await commands.settled();
}

const hint = ({ host }: StoreStage, name: string, by: "editor" | "disk" = "disk") =>
  host.files.hint({ kind: "changed", path: pathOf(name), by } satisfies FileHint);

test("what the user undid while the turn runs does not come back at its end", async () => {
  const stage = storeStage({ a: "1\n" });
  await played(stage, {
    work() {
      stage.put("a", "one\n");
      hint(stage, "a");
    },
    after: () => stage.store.reject({}),
  });
  assert.deepEqual(await stage.list(), []);
  assert.equal(stage.text("a"), "1\n");
});

test("nor what the user kept", async () => {
  const stage = storeStage({ a: "1\n" });
  await played(stage, {
    work() {
      stage.put("a", "one\n");
      hint(stage, "a");
    },
    after: () => stage.store.accept({}),
  });
  assert.deepEqual(await stage.list(), []);
});

test("what is told of when the command is over shows while the turn runs", async () => {
  const stage = storeStage({ a: "1\n", b: "b\n" });
  await played(stage, {
    work() {
      stage.put("a", "one\n");
      stage.put("new", "new\n");
      stage.put("b", undefined);
    },
    async after() {
      hint(stage, "a");
      await stage.clock.sleeping(250);
      assert.deepEqual(stage.told, ["update a: 1,1>1,1"]);
      for (const name of ["new", "b"]) hint(stage, name);
      stage.clock.advance(250);
      await stage.clock.sleeping(250);
      assert.deepEqual(stage.told.slice(1), ["add new: 1,0>1,1", "delete b: 1,1>1,0"]);
    },
  });
});

test("so does what is told of seconds later, as on a busy machine", async () => {
  const stage = storeStage({ a: "1\n" });
  await played(stage, {
    work: () => stage.put("a", "one\n"),
    async after() {
      stage.clock.advance(5000);
      hint(stage, "a");
      await stage.clock.sleeping(250);
      assert.deepEqual(stage.told, ["update a: 1,1>1,1"]);
    },
  });
});

test("a file that the agent itself moved or deleted is not found again at the end", async () => {
  const stage = storeStage({ a: "1\n", b: "b\n", c: new Uint8Array([0, 1]) });
  await played(stage, {
    async work() {
      await stage.agent("a", "one\n", { movePath: "moved" });
      await stage.agent("b", undefined);
      await stage.agent("c", new Uint8Array([0, 2]));
      await stage.store.accept({});
    },
  });
  assert.deepEqual(await stage.list(), []);
});

test("nor one whose move was undone, or that the user moved", async () => {
  const stage = storeStage({ a: "1\n", b: "b\n" });
  await played(stage, {
    async work() {
      await stage.agent("a", "one\n", { movePath: "moved" });
      await stage.store.reject({});
      await stage.agent("b", "B\n");
      stage.put("b", undefined);
      stage.put("c", "B\n");
      const told = stage.next();
      stage.host.files.hint({ kind: "moved", path: pathOf("b"), movePath: pathOf("c") });
      await told;
    },
  });
  assert.deepEqual(await stage.list(), ["update c: 1,1>1,1"]);
});

test("a command's edit of a file under review is its edit, without a hint", async () => {
  const stage = storeStage({ a: "1\n2\n3\n" });
  await stage.agent("a", "one\n2\n3\n");
  await played(stage, { work: () => stage.put("a", "one\n2\nthree\n") });
  const [file] = await stage.files();
  assert.deepEqual(
    file?.hunks.map(({ authors }) => authors.map(({ itemId }) => itemId)),
    [["1"], ["c"]],
  );
});

test("what the user types there meanwhile is the user's", async () => {
  const stage = storeStage({ a: "1\n2\n3\n" });
  await stage.agent("a", "one\n2\n3\n");
  await played(stage, {
    work() {
      stage.put("a", "one\n2\nmine\n");
      hint(stage, "a", "editor");
    },
  });
  assert.deepEqual(await stage.list(), ["update a: 1,1>1,1"]);
});

test("the agent's own edit in an editor is not taken for the user's", async () => {
  const stage = storeStage({ a: "1\n2\n3\n" });
  await played(stage, {
    async work() {
      const { apply } = stage.host.files;
      Object.assign(stage.host.files, {
        apply(...args: Parameters<typeof apply>) {
          hint(stage, "a", "editor");
          return apply(...args);
        },
      });
      await stage.agent("a", "one\n2\n3\n");
      stage.put("a", "one\n2\nthree\n");
    },
  });
  assert.deepEqual(await stage.list(), ["update a: 1,1>1,1 3,1>3,1"]);
});

test("an unsaved buffer is the user's", async () => {
  const stage = storeStage({ a: "1\n2\n3\n" });
  await stage.agent("a", "one\n2\n3\n");
  await played(stage, {
    work: () => stage.host.setUnsaved(pathOf("a"), "one\n2\nmine\n"),
  });
  assert.deepEqual(await stage.list(), ["update a: 1,1>1,1"]);
});

test("a command that outlives its turn is not suspected", async () => {
  const stage = storeStage({ a: "1\n2\n3\n" });
  await stage.agent("a", "one\n2\n3\n");
  await played(stage, { work: () => stage.store.commands.run({ ...turn, itemId: "server" }, new Promise(() => {})) });
  stage.put("a", "one\n2\nmine\n");
  assert.deepEqual(await stage.list(), ["update a: 1,1>1,1"]);
});

test("a turn without a command explains nothing: what differs is somebody else's", async () => {
  const stage = storeStage({ a: "1\n" });
  const { commands } = stage.store;
  commands.begin(turn);
  const before = await stage.host.snapshots.take(["/workspace"], signal);
  stage.put("a", "mine\n");
  commands.compare({ ...turn, before, after: await stage.host.snapshots.take(["/workspace"], signal) });
  commands.end(turn.turnId);
  assert.deepEqual(await stage.list(), []);
});
