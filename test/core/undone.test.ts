import assert from "node:assert/strict";
import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import type { RequestParams } from "../../src/protocol/methods.ts";
import { outputsOf, textsOf } from "../support/modelInput.ts";
import type { Script } from "../support/modelServer.ts";
import { play } from "../support/play.ts";
import { type CheckpointPlay, checkpointPlay, checkpointsOf, obeys } from "./review/checkpointPlay.ts";

const files = { "/workspace/a": "1\n2\n3\n4\n5\n", "/workspace/b": "b\n", "/workspace/c": "c\n" };
const after = { settings: { editReview: "after" } } as const;

const patch = `*** Begin Patch
*** Update File: a
@@
-1
+one
 2
@@
 4
-5
+five
*** Delete File: b
*** Update File: c
*** Move to: d
@@
-c
+d
*** Add File: new
+new
*** End Patch`;

/** What the model was told so far of what the user took back. */
function toldOf({ played }: Pick<CheckpointPlay, "played">): string[] {
  return textsOf(played.server.requests.at(-1)!, "user").filter((text) => text.startsWith("<undone_changes>"));
}

const noteOf = (...lines: string[]) =>
  [
    "<undone_changes>",
    "Since your last response the user took back changes of yours in these files:",
    ...lines,
    "</undone_changes>",
  ].join("\n");

async function undoneIn(one: CheckpointPlay, which: RequestParams<"change/reject">): Promise<void> {
  const { skipped } = await one.played.client.request("change/reject", { threadId: one.threadId, ...which });
  assert.deepEqual(skipped, []);
}

const hunksOf = async ({ played, threadId }: CheckpointPlay, path: string) => {
  const { data } = await played.client.request("change/list", { threadId });
  return data.filter((file) => file.path === path).flatMap(({ hunks }) => hunks.map(({ id }) => id));
};

/** The notes that a model gets after its patch, when the user does this and says something. */
async function check(between: (one: CheckpointPlay, turnId: string) => Promise<unknown>, ...notes: string[]) {
  const one = await checkpointPlay(files, after);
  const turnId = await one.turn(patch);
  await between(one, turnId);
  await one.turn("And now?");
  assert.deepEqual(toldOf(one), notes);
  await one.turn("And then?");
  assert.deepEqual(toldOf(one), notes, "told once");
  await one.played.close();
}

test("what was left alone or kept is not spoken of", () =>
  check(({ played, threadId }) => played.client.request("change/accept", { threadId })));

test("all of it", () =>
  check(
    (one) => undoneIn(one, {}),
    noteOf("a: 2 changes undone", "b: there again", "d: back at c", "new: gone again"),
  ));

test("a hunk, and then another one of the file", () =>
  check(async (one) => {
    const path = "/workspace/a";
    for (const id of await hunksOf(one, path)) await undoneIn(one, { path, hunkIds: [id] });
  }, noteOf("a: 2 changes undone")));

test("what the user brought back with Ctrl+Z was not taken back", () =>
  check(async (one) => {
    const path = "/workspace/a";
    const written = one.files()[path]!;
    const ids = await hunksOf(one, path);
    await undoneIn(one, { path });
    one.host.files.put(path, written.replace("five", "5"));
    assert.deepEqual(await hunksOf(one, path), ids.slice(0, 1));
  }, noteOf("a: 1 change undone")));

test("files that went back to a checkpoint without the thread", () =>
  check(
    async (one, turnId) => void (await one.restore(turnId)),
    noteOf(
      "a: restored to a checkpoint",
      "b: restored to a checkpoint",
      "c: restored to a checkpoint",
      "d: restored to a checkpoint",
      "new: restored to a checkpoint",
    ),
  ));

test("a model whose turn went back, too, is told nothing", () =>
  check(async (one, turnId) => {
    await undoneIn(one, { path: "/workspace/a" });
    await one.restore(turnId, { thread: true });
    one.played.server.expectCut();
  }));

test("of many files the first are named", async () => {
  const names = Array.from({ length: 45 }, (_, at) => `f${at}`);
  const one = await checkpointPlay({ "/workspace/x": "x" }, after);
  await one.turn(`*** Begin Patch\n${names.map((name) => `*** Add File: ${name}\n+1\n`).join("")}*** End Patch`);
  await undoneIn(one, {});
  await one.turn("And now?");
  const [note = ""] = toldOf(one);
  assert.equal(note.split("\n").length, 2 + 40 + 2);
  assert.match(note, /\nf39: gone again\n\(5 more\)\n<\/undone_changes>$/);
  await one.played.close();
});

test("it is told after a restart", async () => {
  const one = await checkpointPlay(files, after);
  await one.turn(patch);
  await undoneIn(one, { path: "/workspace/new" });
  await one.played.close();
  const played = await play({ script: obeys, host: one.host, newId: () => crypto.randomUUID() });
  await played.client.request("thread/resume", { threadId: one.threadId });
  const again = { ...checkpointsOf(played, one.threadId), host: one.host, files: one.files };
  await undoneIn(again, { path: "/workspace/a", hunkIds: (await hunksOf(again, "/workspace/a")).slice(0, 1) });
  await again.turn("And now?");
  assert.deepEqual(toldOf(again), [noteOf("new: gone again", "a: 1 change undone")]);
  await played.client.request("thread/delete", { threadId: one.threadId });
  assert.deepEqual(await one.host.storage.list("undone"), []);
  await played.close();
});

test("also in the course of a turn, behind the outputs of its calls", async () => {
  let undo = async () => {};
  let answers = 0;
  const script: Script = async () => {
    answers++;
    if (answers === 1) return customCall("apply_patch", patch);
    if (answers === 2) {
      await undo();
      return customCall("apply_patch", "*** Begin Patch\n*** Add File: e\n+e\n*** End Patch");
    }
    return message("Done.");
  };
  const one = await checkpointPlay(files, { ...after, script });
  undo = () => undoneIn(one, { path: "/workspace/new" });
  await one.turn("Do it.");
  assert.equal(outputsOf(one.played.server.requests[2]!).length, 2);
  assert.deepEqual(toldOf(one), [noteOf("new: gone again")]);
  await one.played.close();
});
