import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { type Play, play } from "../support/play.ts";

const ELSEWHERE = /open in another window or program.*fork it/;

/** Two programs over one store: the first has a thread open that it has worked in. */
async function checkTwo(
  name: string,
  run: (second: Play, threadId: string, first: Play) => Promise<void>,
): Promise<void> {
  test(name, async () => {
    const { storage } = createMemoryHost();
    const host = () => ({ ...createMemoryHost(), storage });
    const first = await play({ host: host(), script: () => [message("One.")] });
    const second = await play({ host: host(), script: () => [message("Two.")] });
    const { thread } = await first.start();
    assert.equal((await first.say(thread.id, "Hello.")).status, "completed");
    await run(second, thread.id, first);
    await second.close();
    await first.close();
    const lock = await storage.lock(`threads/${thread.id}.jsonl`);
    await lock.release();
  });
}

checkTwo("a second program may not go on with the thread", async (second, threadId) => {
  for (const method of ["thread/resume", "thread/archive", "thread/delete"] as const)
    await assert.rejects(second.client.request(method, { threadId }), ELSEWHERE);
  await assert.rejects(
    second.client.request("turn/start", { threadId, input: [{ type: "text", text: "I." }] }),
    ELSEWHERE,
  );
});
checkTwo("a second program reads and lists it", async (second, threadId) => {
  const { thread } = await second.client.request("thread/read", { threadId, includeTurns: true });
  assert.equal(thread.turns.length, 1);
  const { data } = await second.client.request("thread/list", {});
  assert.deepEqual(
    data.map(({ id }) => id),
    [threadId],
  );
});
checkTwo("a second program goes on with a copy", async (second, threadId) => {
  const { thread } = await second.client.request("thread/fork", { threadId });
  assert.notEqual(thread.id, threadId);
  assert.equal((await second.say(thread.id, "Go on.")).status, "completed");
});
checkTwo("a second program goes on with it once the first has ended", async (second, threadId, first) => {
  await first.app.dispose();
  await second.client.request("thread/resume", { threadId });
  assert.equal((await second.say(threadId, "Go on.")).status, "completed");
});
checkTwo("a thread that the first has deleted is gone for the second, too", async (second, threadId, first) => {
  await first.client.request("thread/delete", { threadId });
  await assert.rejects(second.client.request("thread/resume", { threadId }), /not there any more/);
});
checkTwo("a thread that is not there is no lock", async (second) => {
  await assert.rejects(
    second.client.request("thread/resume", { threadId: "0198c0de-0000-7000-8000-0000000000ff" }),
    /not there/,
  );
});

test("a disk that takes no lock takes no message either, and the next one once it does", async () => {
  const host = createMemoryHost();
  const { lock } = host.storage;
  let full = true;
  const storage = {
    ...host.storage,
    lock: async (name: string) => (full ? Promise.reject(new Error("The disk is full.")) : lock(name)),
  };
  const played = await play({ host: { ...host, storage }, script: () => [message("Hi.")] });
  const { thread } = await played.start();
  await assert.rejects(played.say(thread.id, "One."), /disk is full|Internal error/);
  full = false;
  assert.equal((await played.say(thread.id, "Two.")).status, "completed");
  await played.app.dispose();
  await played.server.close();
});
