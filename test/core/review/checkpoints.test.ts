import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Host } from "../../../src/host/host.ts";
import type { Snapshots } from "../../../src/host/snapshots.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost } from "../../support/memoryHost.ts";
import { startModelServer } from "../../support/modelServer.ts";
import { play } from "../../support/play.ts";
import { checkpointPlay, checkpointsOf, obeys, writes } from "./checkpointPlay.ts";

const A = "/workspace/a.txt";
const B = "/workspace/b.txt";
const patch = `*** Begin Patch\n*** Update File: ${A}\n@@\n-one\n+ONE\n*** End Patch`;

function withSnapshots(host: MemoryHost, snapshots: Partial<Snapshots>): Host {
  return { ...host, snapshots: { ...host.snapshots, ...snapshots } };
}

test("the first request is not delayed by the snapshot, and the first command waits for it", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { played, host, turn, restore, files } = await checkpointPlay(
    { [A]: "one\n" },
    {
      wrap: (memory) =>
        withSnapshots(memory, {
          take: (...args) => released.then(() => memory.snapshots.take(...args)),
        }),
    },
  );
  const ended = turn({ [A]: "two\n" });
  await played.server.request(0);
  await played.told("item/started", ({ item }) => item.type === "commandExecution");
  for (let time = 0; time < 50; time++) await setImmediate();
  assert.equal(host.processes.started.length, 0, "the command waits");
  release();
  const turnId = await ended;
  assert.equal(host.processes.started.length, 1);
  await restore(turnId);
  assert.deepEqual(files(), { [A]: "one\n" });
  await played.close();
});

test("a turn that is stopped does not wait for its snapshot", async () => {
  const { played, threadId, host } = await checkpointPlay(
    { [A]: "one\n" },
    { wrap: (memory) => withSnapshots(memory, { take: (_, signal) => neverUnless(signal) }) },
  );
  const ended = played.say(threadId, JSON.stringify({ [A]: "two\n" }));
  await played.told("item/started", ({ item }) => item.type === "commandExecution");
  const { thread } = await played.client.request("thread/read", { threadId, includeTurns: true });
  const stopped = played.client.request("turn/interrupt", { threadId, turnId: thread.turns[0]!.id });
  assert.equal((await ended).status, "interrupted");
  await stopped;
  assert.equal(host.processes.started.length, 0);
  await played.close();
});

function neverUnless(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new AgentError("aborted", "It was stopped.")));
  });
}

test("a snapshot that takes too long is given up: the command runs, and the user hears it once", async () => {
  const clock = createFakeClock();
  const { played, turn, list, host } = await checkpointPlay(
    { [A]: "one\n" },
    { clock, wrap: (memory) => withSnapshots(memory, { take: (_, signal) => neverUnless(signal) }) },
  );
  const ended = turn({ [A]: "two\n" });
  await clock.sleeping(15_000);
  clock.advance(15_000);
  await ended;
  assert.match((await played.told("warning")).message, /takes too long\. Name in \.gitignore/);
  await turn({ [A]: "three\n" });
  assert.equal(host.processes.started.length, 2);
  assert.deepEqual(
    (await list()).map(({ hasFiles, changedFiles }) => ({ hasFiles, changedFiles })),
    [
      { hasFiles: false, changedFiles: null },
      { hasFiles: false, changedFiles: null },
    ],
  );
  await played.close();
});

test("a snapshot that fails costs the checkpoint's files alone, and the user hears it once", async () => {
  let calls = 0;
  const { played, turn, list, restore } = await checkpointPlay(
    { [A]: "one\n" },
    {
      wrap: (memory) =>
        withSnapshots(memory, {
          async take(...args) {
            if (calls++ < 2) throw new AgentError("internal", "The disk is full. Make room and retry.");
            return memory.snapshots.take(...args);
          },
        }),
    },
  );
  const first = await turn({ [A]: "two\n" });
  await turn("Nothing.");
  await turn({ [A]: "three\n" });
  assert.match((await played.told("warning")).message, /cannot be restored\. The disk is full\. Make room and retry\./);
  assert.deepEqual(
    (await list()).map(({ hasFiles }) => hasFiles),
    [true, false, false],
  );
  await assert.rejects(restore(first), /files of that checkpoint are not kept/);
  const { checkpointId } = await restore(first, { files: false, thread: true });
  assert.notEqual(checkpointId, null);
  await played.close();
});

test("in Restricted Mode no files are looked at", async () => {
  const { played, turn, list } = await checkpointPlay(
    { [A]: "one\n" },
    {
      settings: { trusted: false },
      wrap: (memory) => withSnapshots(memory, { take: () => Promise.reject(new Error("not to be called")) }),
    },
  );
  await turn("Nothing.");
  assert.deepEqual(
    (await list()).map(({ hasFiles }) => hasFiles),
    [false],
  );
  await played.close();
});

test("lists the turns and the restorings, the newest first, with the room they take", async () => {
  const { played, turn, list, restore, threadId } = await checkpointPlay({ [A]: "one\n" });
  const read = await turn("Nothing.");
  const ran = await turn({ [A]: "two\n", [B]: "new\n" });
  const edited = await turn(patch.replace("-one", "-two"));
  const { checkpointId } = await restore(ran);
  assert.deepEqual(
    (await list()).map(({ id, kind, turnId, hasFiles, changedFiles }) => ({
      id,
      kind,
      turnId,
      hasFiles,
      changedFiles,
    })),
    [
      { id: checkpointId, kind: "restore", turnId: ran, hasFiles: true, changedFiles: 2 },
      { id: edited, kind: "turn", turnId: edited, hasFiles: true, changedFiles: 1 },
      { id: ran, kind: "turn", turnId: ran, hasFiles: true, changedFiles: 2 },
      { id: read, kind: "turn", turnId: read, hasFiles: true, changedFiles: 0 },
    ],
  );
  const { diskBytes, maxDiskBytes } = await played.client.request("checkpoint/list", { threadId });
  assert.ok(diskBytes > 0 && maxDiskBytes === 2 ** 30);
  await played.close();
});

test("restores what commands created, changed, deleted and renamed", async () => {
  const before = { [A]: "one\n", [B]: "two\n", "/workspace/c.txt": "three\n" };
  const { played, turn, restore, files } = await checkpointPlay(before);
  const id = await turn({ [A]: "ONE\n", [B]: null, "/workspace/sub/b.txt": "two\n", "/workspace/new.txt": "new\n" });
  const after = files();
  const planned = await restore(id, { dryRun: true });
  assert.equal(planned.checkpointId, null);
  assert.deepEqual(files(), after, "a dry run changes nothing");
  const done = await restore(id);
  assert.deepEqual(done.files, planned.files);
  assert.deepEqual(
    done.files.map(({ path, kind, outcome }) => `${outcome} ${kind} ${path}`),
    [
      `restored update ${A}`,
      `restored add ${B}`,
      "restored delete /workspace/new.txt",
      "restored delete /workspace/sub/b.txt",
    ],
  );
  assert.deepEqual(files(), before);
  await restore(done.checkpointId!);
  assert.deepEqual(files(), after);
  await played.close();
});

test("what the user changed elsewhere in a file stays; the same lines are a conflict, unless they are to be overwritten", async () => {
  const { played, host, turn, restore, files } = await checkpointPlay({ [A]: "1\n2\n3\n4\n5\n", [B]: "1\n2\n" });
  const id = await turn({ [A]: "one\n2\n3\n4\n5\n", [B]: "one\n2\n" });
  host.files.put(A, "one\n2\n3\n4\nfive\n");
  host.files.put(B, "uno\n2\n");
  const merged = await restore(id);
  assert.deepEqual(
    merged.files.map(({ path, outcome, message = "" }) => [path, outcome, message]),
    [
      [A, "merged", ""],
      [B, "conflict", "The same lines were changed since, so this file stays as it is."],
    ],
  );
  assert.deepEqual(files(), { [A]: "1\n2\n3\n4\nfive\n", [B]: "uno\n2\n" });
  const overwritten = await restore(id, { overwrite: [B] });
  assert.deepEqual(files(), { [A]: "1\n2\n3\n4\nfive\n", [B]: "1\n2\n" });
  await restore(overwritten.checkpointId!);
  assert.deepEqual(files(), { [A]: "1\n2\n3\n4\nfive\n", [B]: "uno\n2\n" });
  await played.close();
});

test("a turn that only edited takes nothing else back: what the user wrote meanwhile stays", async () => {
  const { played, host, turn, restore, files } = await checkpointPlay(
    { [A]: "one\n" },
    {
      settings: { approvalPolicy: "on-request" },
      answer() {
        host.files.put(B, "mine\n");
        return { decision: "accept" };
      },
    },
  );
  const id = await turn(patch);
  assert.deepEqual(files(), { [A]: "ONE\n", [B]: "mine\n" });
  await restore(id);
  assert.deepEqual(files(), { [A]: "one\n", [B]: "mine\n" });
  await played.close();
});

test("a file that refuses is told, and the others are restored", async () => {
  const { played, host, turn, restore, files } = await checkpointPlay({ [A]: "one\n" });
  const id = await turn({ [A]: "two\n", [B]: "new\n" });
  host.setUnsaved(B, "new\n");
  const { files: restored } = await restore(id);
  assert.deepEqual(
    restored.map(({ path, outcome, message = "" }) => [path, outcome, message.replace(/\. .*/, "")]),
    [
      [A, "restored", ""],
      [B, "failed", `${B} has unsaved changes in the editor, or was changed at this very moment, so it was left alone`],
    ],
  );
  assert.deepEqual(files(), { [A]: "one\n", [B]: "new\n" });
  await played.close();
});

test("restores the thread as well, and takes that back: clients are told of the turns", async () => {
  const { played, turn, restore, files, threadId } = await checkpointPlay({ [A]: "one\n" });
  await turn("First.");
  const second = await turn({ [A]: "two\n" });
  const third = await turn({ [A]: "three\n" });
  const turns = async () => {
    const { thread } = await played.client.request("thread/read", { threadId, includeTurns: true });
    return thread.turns.map(({ itemsView: _, ...turn }) => turn);
  };
  const all = await turns();
  const { checkpointId } = await restore(second, { thread: true });
  assert.deepEqual(files(), { [A]: "one\n" });
  assert.deepEqual(await turns(), all.slice(0, 1));
  const undone = await restore(checkpointId!, { thread: true });
  const told = await played.told("thread/revertUndone");
  assert.deepEqual(
    told.turns.map(({ id }) => id),
    [second, third],
  );
  assert.deepEqual(files(), { [A]: "three\n" });
  assert.deepEqual(await turns(), all);
  await restore(undone.checkpointId!, { thread: true });
  assert.deepEqual(files(), { [A]: "one\n" });
  assert.deepEqual(await turns(), all.slice(0, 1));
  await played.close();
});

test("a revert is not taken back once messages came after it, and nothing is changed then", async () => {
  const { played, turn, restore, files, threadId } = await checkpointPlay({ [A]: "one\n" });
  await turn("First.");
  const second = await turn({ [A]: "two\n" });
  const { checkpointId } = await restore(second, { thread: true });
  played.server.expectCut(threadId);
  await turn("Instead.");
  await assert.rejects(restore(checkpointId!, { thread: true }), /Messages came after/);
  assert.deepEqual(files(), { [A]: "one\n" });
  await restore(checkpointId!);
  assert.deepEqual(files(), { [A]: "two\n" });
  await played.close();
});

test("the turns that come back are the model's context again, byte for byte", async () => {
  const { played, turn, restore, threadId } = await checkpointPlay({ [A]: "one\n" });
  await turn("First.");
  const second = await turn("Second.");
  const { checkpointId } = await restore(second, { files: false, thread: true });
  await restore(checkpointId!, { files: false, thread: true });
  // The model server finds that this continues the last request of before.
  await turn("Third.");
  const { thread } = await played.client.request("thread/read", { threadId, includeTurns: true });
  assert.equal(thread.turns.length, 3);
  await played.close();
});

test("nothing is restored while a turn runs", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { played, turn, restore } = await checkpointPlay(
    { [A]: "one\n" },
    {
      settings: { approvalPolicy: "untrusted" },
      answer: async () => {
        await released;
        return { decision: "accept" };
      },
    },
  );
  const ended = turn({ [A]: "two\n" });
  const asked = await played.told(
    "thread/status/changed",
    ({ status }) => "activeFlags" in status && status.activeFlags.length > 0,
  );
  assert.ok(asked);
  const [running] = (await played.client.request("checkpoint/list", { threadId: asked.threadId })).data;
  await assert.rejects(restore(running!.id, { dryRun: true }), /A turn is running in this thread/);
  release();
  await ended;
  await played.close();
});

test("checkpoints survive a restart, and a copy has those of its turns", async () => {
  const storage = new Map<string, string>();
  const server = await startModelServer({ script: obeys });
  const one = await checkpointPlay({ [A]: "one\n" }, { server, memory: { storage } });
  const first = await one.turn({ [A]: "two\n" });
  const second = await one.turn({ [A]: "three\n" });
  await one.played.close();
  const played = await play({ server, host: one.host, script: [] });
  const again = checkpointsOf(played, one.threadId);
  const listed = await again.list();
  assert.deepEqual(
    listed.map(({ id, hasFiles }) => [id, hasFiles]),
    [
      [second, true],
      [first, true],
    ],
  );
  const { thread } = await played.client.request("thread/fork", { threadId: one.threadId, lastTurnId: first });
  const copy = checkpointsOf(played, thread.id);
  assert.deepEqual(
    (await copy.list()).map(({ id, hasFiles, threadId }) => [id, hasFiles, threadId]),
    [[first, true, thread.id]],
  );
  await again.restore(second);
  assert.equal(one.files()[A], "two\n");
  await played.client.request("thread/delete", { threadId: one.threadId });
  await copy.restore(first);
  assert.equal(one.files()[A], "one\n");
  await played.client.request("thread/delete", { threadId: thread.id });
  assert.equal(await one.host.snapshots.diskBytes(), 0, "what no thread needs is gone");
  await played.close();
  await server.close();
});

test("a turn that was cut off: what it changed is not known, so it is left alone unless the user says so", async () => {
  const host = createMemoryHost({ files: { [A]: "one\n" }, commands: [writes] });
  const one = await checkpointPlay({}, { wrap: () => host });
  const id = await one.turn({ [A]: "two\n" });
  await one.played.close();
  const name = `threads/${one.threadId}.jsonl`;
  const lines = host.storage.entries.get(name)?.split("\n") ?? [];
  const kept = lines.filter((line) => !(line.includes('"checkpointFiles"') && line.includes('"after":"')));
  host.storage.entries.set(name, kept.join("\n"));
  const played = await play({ host, script: [] });
  const again = checkpointsOf(played, one.threadId);
  assert.deepEqual(
    (await again.restore(id)).files.map(({ path, outcome }) => [path, outcome]),
    [[A, "conflict"]],
  );
  await again.restore(id, { overwrite: [A] });
  assert.equal(host.files.snapshot()[A], "one\n");
  await played.close();
});
