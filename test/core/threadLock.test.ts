import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
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

/** The second goes on with it after the first has let it go. */
async function goesOn(second: Play, threadId: string, first: Play): Promise<void> {
  await first.told("thread/closed", (params) => params.threadId === threadId);
  await second.client.request("thread/resume", { threadId });
  assert.equal((await second.say(threadId, "Go on.")).status, "completed");
  await assert.rejects(first.client.request("thread/resume", { threadId }), ELSEWHERE);
}
checkTwo("a second program goes on with it once the first has left it", async (second, threadId, first) => {
  await first.client.request("thread/unsubscribe", { threadId });
  await goesOn(second, threadId, first);
});
checkTwo("but not while another client of the first has it open", async (second, threadId, first) => {
  const other = await first.join();
  await other.request("thread/resume", { threadId });
  await first.client.request("thread/unsubscribe", { threadId });
  await assert.rejects(second.client.request("thread/resume", { threadId }), ELSEWHERE);
  other.close();
  await goesOn(second, threadId, first);
});
checkTwo("what is only named, listed or looked at is let go after that", async (second, threadId, first) => {
  await first.client.request("thread/unsubscribe", { threadId });
  await first.told("thread/closed");
  await first.client.request("checkpoint/list", { threadId });
  await first.told("thread/closed");
  await first.client.request("thread/name/set", { threadId, name: "Named" });
  await goesOn(second, threadId, first);
});
checkTwo("the first may go on at once, and so may the second after it", async (second, threadId, first) => {
  for (let time = 0; time < 3; time++) {
    await first.client.request("thread/unsubscribe", { threadId });
    await first.client.request("thread/resume", { threadId });
    assert.equal((await first.say(threadId, "Again.")).status, "completed");
  }
  await assert.rejects(second.client.request("thread/resume", { threadId }), ELSEWHERE);
  const { thread } = await first.client.request("thread/read", { threadId, includeTurns: true });
  assert.equal(thread.turns.length, 4);
});

test("a thread at work is let go once its turn has ended, with what waits for it", async () => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<{ decision: "accept" }>();
  const host = createMemoryHost({ commands: [prints("true", "done\n")] });
  const played = await play({
    host,
    unwatched: "wait",
    settings: { approvalPolicy: "untrusted" },
    script: [[call("exec_command", { cmd: "true" })], message("One."), message("Two.")],
    answer: () => {
      ask();
      return allowed;
    },
  });
  const { thread } = await played.start();
  const threadId = thread.id;
  await played.client.request("turn/start", { threadId, input: [{ type: "text", text: "Run it." }] });
  await asked;
  const input = [{ type: "text" as const, text: "And then?" }];
  await played.client.request("thread/queue/add", { threadId, input, clientUserMessageId: "q" });
  const watching = await played.join(() => ({ decision: "accept" }));
  await played.client.request("thread/unsubscribe", { threadId });
  await assert.rejects(host.storage.lock(`threads/${threadId}.jsonl`), /used by another/);
  await watching.request("thread/resume", { threadId });
  await watching.request("thread/unsubscribe", { threadId });
  allow({ decision: "accept" });
  await played.told("thread/closed");
  const read = await played.client.request("thread/read", { threadId, includeTurns: true });
  assert.deepEqual(
    read.thread.turns.map(({ status }) => status),
    ["completed", "completed"],
  );
  const lock = await host.storage.lock(`threads/${threadId}.jsonl`);
  await lock.release();
  await played.close();
});

test("what was allowed for the session still is when the thread is opened again", async () => {
  let asked = 0;
  const host = createMemoryHost({ commands: [prints("make", "done\n")] });
  const played = await play({
    host,
    settings: { approvalPolicy: "untrusted" },
    script: [
      call("exec_command", { cmd: "make" }),
      message("Made."),
      call("exec_command", { cmd: "make" }),
      message("Made."),
    ],
    answer: () => {
      asked++;
      return { decision: "acceptForSession" };
    },
  });
  const { thread } = await played.start();
  for (let time = 0; time < 2; time++) {
    assert.equal((await played.say(thread.id, "Make it.")).status, "completed");
    await played.client.request("thread/unsubscribe", { threadId: thread.id });
    await played.told("thread/closed");
    await played.client.request("thread/resume", { threadId: thread.id });
  }
  assert.equal(host.processes.started.length, 2);
  assert.equal(asked, 1);
  await played.close();
});

test("a thread that nothing was said in stays for whoever opens it again", async () => {
  const played = await play({ script: () => [message("Hi.")] });
  const { thread } = await played.start();
  await played.client.request("thread/unsubscribe", { threadId: thread.id });
  await played.client.request("thread/resume", { threadId: thread.id });
  assert.equal((await played.say(thread.id, "One.")).status, "completed");
  await played.close();
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
