import assert from "node:assert/strict";
import { test } from "node:test";
import { type Content, pathOf, type StoreStage, storeStage } from "./storeStage.ts";

const five = "1\n2\n3\n4\n5\n";
const changed = "one\n2\n3\n4\nfive\n";

/** What is under review after a reload, and that no file's bytes have changed by it. */
async function check(
  files: Readonly<Record<string, Content>>,
  act: (stage: StoreStage) => Promise<void>,
  expected: readonly string[],
): Promise<StoreStage> {
  const stage = storeStage(files);
  await act(stage);
  const before = stage.host.files.snapshot();
  const again = await stage.reload();
  assert.deepEqual(await again.list(), expected);
  assert.deepEqual(again.host.files.snapshot(), before);
  assert.deepEqual(again.warnings, []);
  return again;
}

test("changes are there after a reload, and can be undone", async () => {
  const act = async ({ agent }: StoreStage) => {
    await agent("a", changed);
    await agent("n", "new\n");
    await agent("d", undefined);
    await agent("m", five, { movePath: "moved" });
  };
  const files = { a: five, d: "d\n", m: five };
  const listed = ["update a: 1,1>1,1 5,1>5,1", "add n: 1,0>1,1", "delete d: 1,1>1,0", "update moved from m:"];
  const { store, host } = await check(files, act, listed);
  await store.reject({});
  assert.deepEqual(host.files.snapshot(), { [pathOf("a")]: five, [pathOf("d")]: "d\n", [pathOf("m")]: five });
  assert.deepEqual(await host.storage.list("reviews"), []);
});

test("kept and undone hunks do not come back", async () => {
  await check(
    { a: five, b: five },
    async ({ agent, store, files }) => {
      await agent("a", changed);
      await agent("b", changed);
      const [first] = (await files())[0]!.hunks;
      await store.accept({ path: pathOf("a"), hunkIds: [first!.id] });
      await store.reject({ path: pathOf("b") });
    },
    ["update a: 5,1>5,1"],
  );
});

test("what the user changed meanwhile is the user's", async () => {
  const stage = storeStage({ a: five });
  await stage.agent("a", changed);
  await stage.store.dispose();
  stage.put("a", "one\n2\n3\nmine\n4\nfive\n");
  const again = stage.crash();
  assert.deepEqual(await again.list(), ["update a: 1,1>1,1 6,1>6,1"]);
  await again.store.reject({});
  assert.equal(again.text("a"), "1\n2\n3\nmine\n4\n5\n");
});

test("a file that is gone meanwhile comes back with its review", async () => {
  const stage = storeStage({ a: five });
  await stage.agent("a", changed);
  stage.put("a", undefined);
  const without = await stage.reload();
  assert.deepEqual(await without.list(), []);
  const again = await without.reload();
  again.put("a", changed);
  assert.deepEqual(await again.list(), ["update a: 1,1>1,1 5,1>5,1"]);
});

test("what another branch has not is under review again when its own is back, whenever the window ends", async () => {
  for (const end of ["reload", "crash"] as const) {
    const stage = storeStage({ a: five });
    await stage.agent("a", changed);
    stage.put("a", five);
    assert.deepEqual(await stage.list(), []);
    stage.clock.advance(2000);
    await stage.list();
    const elsewhere = await stage[end]();
    assert.deepEqual(await elsewhere.list(), []);
    const again = await elsewhere[end]();
    again.put("a", changed);
    assert.deepEqual(await again.list(), ["update a: 1,1>1,1 5,1>5,1"]);
    await again.store.reject({});
    assert.deepEqual(await again.host.storage.list("reviews"), []);
  }
});

test("what the user writes in the place of what they took away is theirs", async () => {
  for (const end of ["reload", "crash"] as const) {
    const stage = storeStage({ a: "1\n2\n" });
    await stage.agent("a", "1\nagent\n2\n");
    for (const text of ["1\n2\n", "1\nmine\n2\n"]) {
      stage.put("a", text);
      assert.deepEqual(await stage.list(), []);
      stage.clock.advance(2000);
      await stage.list();
    }
    const again = await stage[end]();
    assert.deepEqual(await again.list(), []);
    assert.deepEqual(await again.store.reject({ includeEdited: true }), { skipped: [] });
    assert.equal(again.text("a"), "1\nmine\n2\n");
  }
});

test("what the user took back by hand is settled with all that they keep", async () => {
  const stage = storeStage({ a: five });
  await stage.agent("a", changed);
  stage.put("a", "1\n2\n3\n4\nfive\n");
  assert.deepEqual(await stage.list(), ["update a: 5,1>5,1"]);
  await stage.store.accept({});
  assert.deepEqual(await stage.host.storage.list("reviews"), []);
});

test("deleting another thread takes nothing of what another branch has not", async () => {
  const stage = storeStage({ a: five });
  await stage.agent("a", changed);
  stage.put("a", five);
  assert.deepEqual(await stage.list(), []);
  await stage.store.forgetThread("other");
  const again = await stage.reload();
  again.put("a", changed);
  assert.deepEqual(await again.list(), ["update a: 1,1>1,1 5,1>5,1"]);
});

test("the end of the process between the edit and its note loses nothing", async () => {
  const stage = storeStage({ a: five, gone: "g\n", m: five });
  const { apply } = stage.host.files;
  // The process ends as soon as the files are written.
  Object.assign(stage.host.files, {
    apply: async (...args: Parameters<typeof apply>) => {
      await apply(...args);
      return new Promise(() => {});
    },
  });
  for (const [name, content, movePath] of [
    ["a", changed],
    ["n", "new\n"],
    ["gone", undefined],
    ["m", five, "moved"],
  ] as const) {
    const written = new Promise<void>((resolve) => {
      const { write } = stage.host.storage;
      Object.assign(stage.host.storage, {
        write: async (...args: Parameters<typeof write>) => {
          await write(...args);
          setImmediate(resolve);
        },
      });
    });
    void stage.agent(name, content, movePath ? { movePath } : {});
    await written;
  }
  Object.assign(stage.host.files, { apply });
  const again = stage.crash();
  assert.deepEqual((await again.list()).toSorted(), [
    "add n: 1,0>1,1",
    "delete gone: 1,1>1,0",
    "update a: 1,1>1,1 5,1>5,1",
    "update moved from m:",
  ]);
});

test("and before the edit, nothing is under review", async () => {
  const stage = storeStage({ a: five, gone: "g\n", m: five });
  Object.assign(stage.host.files, { apply: () => new Promise(() => {}) });
  void stage.agent("a", changed);
  void stage.agent("n", "new\n");
  void stage.agent("gone", undefined);
  void stage.agent("m", five, { movePath: "moved" });
  while ((await stage.host.storage.list("reviews")).length < 4) await new Promise(setImmediate);
  const again = stage.crash();
  assert.deepEqual(await again.list(), []);
  assert.deepEqual((await again.store.reject({})).skipped, []);
  assert.equal(again.text("a"), five);
});

test("garbage is left out, with one warning", async () => {
  const stage = storeStage({ a: five });
  await stage.agent("a", changed);
  await stage.host.storage.write("reviews/x.json", "{");
  await stage.host.storage.write("reviews/y.json", '{"version":2}');
  const again = await stage.reload();
  assert.deepEqual(await again.list(), ["update a: 1,1>1,1 5,1>5,1"]);
  assert.equal(again.warnings.length, 1);
});

test("changes in another workspace are left to it", async () => {
  const stage = storeStage({ a: five });
  await stage.agent("a", changed);
  const [name] = await stage.host.storage.list("reviews");
  const elsewhere = stage.host.storage.entries.get(`reviews/${name}`)!.replaceAll("/workspace", "/elsewhere");
  stage.host.storage.entries.set("reviews/de1c5df39791341f.json", elsewhere);
  const again = await stage.reload();
  assert.ok(!(await again.list()).some((line) => line.includes("elsewhere")));
});
