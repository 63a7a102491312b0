import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemoryHost } from "../../support/memoryHost.ts";
import { checkpointPlay, writes } from "./checkpointPlay.ts";

const ONE = "/one/a";
const TWO = "/two/b";
const before = { [ONE]: "1\n", [TWO]: "2\n" };

/** A window with these folders, which a test may open and close; `onCommand` is called while a command runs. */
async function windowOf(roots: string[], onCommand: () => void = () => {}) {
  const wrap = (host: MemoryHost) => ({ ...host, editor: { ...host.editor, workspaceRoots: () => [...roots] } });
  const command = {
    ...writes,
    run(running: Parameters<typeof writes.run>[0]) {
      writes.run(running);
      onCommand();
    },
  };
  return checkpointPlay(before, { wrap, memory: { roots: ["/one", "/two"], commands: [command] } });
}

test("files of all open folders are restored", async () => {
  const { turn, restore, files, played } = await windowOf(["/one", "/two"]);
  const id = await turn({ [ONE]: "one\n", [TWO]: "two\n" });
  await restore(id);
  assert.deepEqual(files(), before);
  await played.close();
});

test("a folder that is opened while a turn runs is not taken for its making", async () => {
  const roots = ["/one"];
  const { turn, restore, files, played } = await windowOf(roots, () => roots.splice(0, 2, "/one", "/two"));
  const id = await turn({ [ONE]: "one\n" });
  await restore(id);
  assert.deepEqual(files(), before);
  await played.close();
});

test("nor is one that is closed meanwhile for its deleting", async () => {
  const roots = ["/one", "/two"];
  const { turn, restore, files, played } = await windowOf(roots, () => roots.splice(1));
  const id = await turn({ [ONE]: "one\n" });
  const { files: restored } = await restore(id);
  assert.deepEqual(
    restored.map(({ path }) => path),
    [ONE],
  );
  assert.deepEqual(files(), before);
  await played.close();
});

test("an open folder that was deleted costs no checkpoint of the others", async () => {
  const { turn, restore, files, played } = await windowOf(["/one", "/deleted"]);
  const id = await turn({ [ONE]: "one\n" });
  await restore(id);
  assert.deepEqual(files(), before);
  await played.close();
});

test("what a turn changed in a folder that is closed by now is left alone, and told", async () => {
  const roots = ["/one", "/two"];
  const { turn, restore, files, played } = await windowOf(roots);
  const id = await turn({ [ONE]: "one\n", [TWO]: "two\n" });
  roots.pop();
  const { files: restored } = await restore(id);
  assert.deepEqual(
    restored.map(({ path, outcome }) => `${outcome} ${path}`),
    [`restored ${ONE}`, `failed ${TWO}`],
  );
  assert.deepEqual(files(), { ...before, [TWO]: "two\n" });
  await played.close();
});
