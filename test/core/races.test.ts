import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { call, message } from "../../src/core/model/demo/output.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { stays } from "../support/memoryProcesses.ts";
import { textsOf } from "../support/modelInput.ts";
import { hang } from "../support/modelServerReply.ts";
import { type Play, play } from "../support/play.ts";

const done = message("Done.");
const turnOf = (threadId: string, text: string) => ({ threadId, input: [{ type: "text" as const, text }] });

test("two messages at once: one begins the turn, the other steers it, and the model reads both", async () => {
  const played = await play({ script: () => done });
  const { thread } = await played.start();
  const started = ["One.", "Two."].map((text) => played.client.request("turn/start", turnOf(thread.id, text)));
  const [one, two] = await Promise.all(started);
  assert.equal(two?.turn.id, one?.turn.id);
  await played.told("turn/completed");
  assert.deepEqual(textsOf(played.server.requests.at(-1)!, "user").slice(-2), ["One.", "Two."]);
  await played.close();
});

test("the next message right at the end of a turn, again and again", async () => {
  const played = await play({ script: () => done });
  const { thread } = await played.start();
  for (let time = 0; time < 20; time++) assert.equal((await played.say(thread.id, "Again.")).status, "completed");
  assert.equal(played.server.requests.length, 20);
  await played.close();
});

test("stopped twice, and after its end", async () => {
  const played = await play({ script: [hang()] });
  const { thread } = await played.start();
  const { turn } = await played.client.request("turn/start", turnOf(thread.id, "Wait."));
  await played.server.request(0);
  const ids = { threadId: thread.id, turnId: turn.id };
  const stops = await Promise.allSettled([1, 2].map(() => played.client.request("turn/interrupt", ids)));
  assert.deepEqual(
    stops.map(({ status }) => status),
    ["fulfilled", "fulfilled"],
  );
  await assert.rejects(played.client.request("turn/interrupt", ids), /not running any more/);
  await played.close();
});

test("settings changed while a turn runs: kept, told, and used for the next call", async () => {
  const played = await play({
    host: createMemoryHost({ commands: [stays("serve")] }),
    script: [call("exec_command", { cmd: "serve" }), call("exec_command", { cmd: "serve" }), done],
    async answer() {
      const { data } = await played.client.request("thread/list", {});
      await played.client.request("thread/settings/update", { threadId: data[0]!.id, approvalPolicy: "never" });
      return { decision: "decline" };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Serve.");
  assert.equal(
    played.transcript.filter(({ message: { method } }) => method === "item/commandExecution/requestApproval").length,
    1,
  );
  assert.equal((await played.told("thread/settings/updated")).threadSettings.approvalPolicy, "never");
  await played.close();
  const { storage } = played.host;
  assert.match((await storage.read(`threads/${thread.id}.jsonl`)) ?? "", /"approvalPolicy":"never"/);
});

test("settings changed while the first message is being kept are kept too", async () => {
  const storage = new Map<string, string>();
  const played = await play({ host: createMemoryHost({ storage }), script: [done] });
  const { thread } = await played.start();
  const started = played.client.request("turn/start", turnOf(thread.id, "Go."));
  await played.client.request("thread/settings/update", { threadId: thread.id, approvalPolicy: "never" });
  await started;
  await played.told("turn/completed");
  await played.close();
  const next = await play({ host: createMemoryHost({ storage }), script: [] });
  const opened = await next.client.request("thread/resume", { threadId: thread.id });
  assert.equal(opened.approvalPolicy, "never");
  await next.close();
});

/** Ends the program with a command in the background: it is dead, and its end is kept. */
test("disposed with a command in the background", async () => {
  const clock = createFakeClock();
  const host = createMemoryHost({ commands: [stays("serve", "up\n")] });
  const played = await play({
    host,
    clock,
    script: [call("exec_command", { cmd: "serve", yield_time_ms: 1000 }), done],
  });
  const { thread } = await played.start();
  const said = played.say(thread.id, "Serve.");
  await clock.sleeping(1000);
  clock.advance(1000);
  await said;
  assert.equal(host.processes.running().length, 1);
  await played.close();
  assert.equal(host.processes.running().length, 0);
  const journal = host.storage.entries.get(`threads/${thread.id}.jsonl`) ?? "";
  const items = journal.split("\n").filter((line) => line.startsWith('{"type":"item"'));
  assert.match(items.at(-1) ?? "", /"status":"failed".*"aggregatedOutput":"up\\n"/);
});

test("disposed, it takes nothing more", async () => {
  const played = await play({ script: [] });
  const { thread } = await played.start();
  const disposed = played.app.dispose();
  await assert.rejects(played.client.request("turn/start", turnOf(thread.id, "Go.")), /closed/);
  await assert.rejects(played.start(), /ended|closed/);
  await disposed;
  await played.server.close();
  assert.deepEqual(played.faults, []);
});

/** The last client that watches goes while a command waits for its answer. */
async function leaveQuestion(unwatched: "wait" | "decline", leave: (played: Play, threadId: string) => unknown) {
  const host = createMemoryHost({ commands: [stays("serve")] });
  const script = [call("exec_command", { cmd: "serve" }), done];
  const played = await play({ host, unwatched, script, answer: () => undefined });
  const other = await played.join();
  const { thread } = await played.start();
  await played.client.request("turn/start", turnOf(thread.id, "Serve."));
  await played.told("thread/status/changed", ({ status }) => status.type === "active" && status.activeFlags.length > 0);
  await leave(played, thread.id);
  const statusOf = async () => (await other.request("thread/read", { threadId: thread.id })).thread.status;
  const end = async () => {
    await played.app.dispose();
    await played.server.close();
    assert.equal(host.processes.started.length, 0);
  };
  return { statusOf, end };
}

for (const [how, leave] of [
  ["closes", ({ client }: Play) => client.close()],
  ["unsubscribes", ({ client }: Play, threadId: string) => client.request("thread/unsubscribe", { threadId })],
] as const) {
  test(`the last watcher ${how}: the command is declined, and the turn goes on`, async () => {
    const { statusOf, end } = await leaveQuestion("decline", leave);
    while ((await statusOf()).type === "active") await setImmediate();
    await end();
  });
  test(`the last watcher ${how}, where the window waits for the next one`, async () => {
    const { statusOf, end } = await leaveQuestion("wait", leave);
    for (let time = 0; time < 20; time++) {
      await setImmediate();
      assert.deepEqual(await statusOf(), { type: "active", activeFlags: ["waitingOnApproval"] });
    }
    await end();
  });
}
