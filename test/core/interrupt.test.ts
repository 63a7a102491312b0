import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { quickClock } from "../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { stays } from "../support/memoryProcesses.ts";
import { outputsOf, textsOf } from "../support/modelInput.ts";
import { hangAfter } from "../support/modelServerReply.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";
import { methodsOf } from "../support/transcript.ts";

const done = message("Going on.");

interface Stop {
  readonly options: PlayOptions;
  /** Resolves at the moment to stop the turn. */
  readonly when: (played: Play) => Promise<unknown>;
  /** What the model reads of the calls that were stopped. */
  readonly outputs: readonly RegExp[];
  /** Types of the items that go on. */
  readonly background?: readonly string[];
  readonly after?: () => void;
}

/** Stops a turn; it ends as interrupted, everything that was shown stays, and the next message's request is right. */
async function check({ options, when, outputs, background = [], after = () => {} }: Stop) {
  const played = await play(options);
  const { thread } = await played.start();
  const { turn } = await begin(played, thread.id);
  await when(played);
  await played.client.request("turn/interrupt", { threadId: thread.id, turnId: turn.id });
  const { turn: ended } = await played.told("turn/completed");
  assert.equal(ended.status, "interrupted");
  assert.equal(ended.error, null);
  after();
  const stopped = await read(played, thread.id);
  const left = stopped.items.filter((item) => !item.completedAtMs).map(({ type }) => type);
  assert.deepEqual(left, background);
  const methods = methodsOf(played.transcript);
  assert.deepEqual(methods.slice(-2), ["thread/status/changed", "turn/completed"], "In the protocol's order.");
  assert.equal((await played.say(thread.id, "Go on.")).status, "completed");
  const next = played.server.requests.at(-1)!;
  assert.equal(outputsOf(next).length, outputs.length);
  for (const [index, output] of outputs.entries()) assert.match(outputsOf(next)[index] ?? "", output);
  const user = textsOf(next, "user");
  assert.match(user.at(-2) ?? "", /^<turn_aborted>/);
  assert.equal(user.at(-1), "Go on.");
  await played.close();
  return { played, stopped, next };
}

function begin(played: Play, threadId: string) {
  return played.client.request("turn/start", { threadId, input: [{ type: "text", text: "Do it." }] });
}

async function read(played: Play, threadId: string): Promise<Turn> {
  const { thread } = await played.client.request("thread/read", { threadId, includeTurns: true });
  assert.equal(thread.status.type, "idle");
  return thread.turns.at(-1)!;
}

/** Resolves when so much of the answer is on the client's screen. */
async function shown(played: Play, text: string) {
  let all = "";
  while (!all.includes(text)) all += (await played.told("item/agentMessage/delta")).delta;
}

test("while the model streams: the text so far stays", async () => {
  const { stopped, next } = await check({
    options: { clock: quickClock(), script: [hangAfter(6, message("One two three four five six.")), done] },
    when: (played) => shown(played, "One"),
    outputs: [],
  });
  const text = stopped.items.flatMap((item) => (item.type === "agentMessage" ? [item.text] : []));
  assert.equal(text.length, 1);
  assert.match(text[0] ?? "", /^One/);
  assert.deepEqual(textsOf(next, "assistant"), text, "The model knows what the user saw.");
});

test("while the model streams after a whole message: that stays too, in the context as well", async () => {
  const { stopped, next } = await check({
    options: {
      clock: quickClock(),
      script: [hangAfter(40, reasoning("Hm."), message("Whole."), call("read_file", { path: "a".repeat(4000) })), done],
    },
    when: (played) => played.told("item/completed", ({ item }) => item.type === "agentMessage"),
    outputs: [],
  });
  assert.deepEqual(
    stopped.items.map(({ type }) => type),
    ["userMessage", "reasoning", "agentMessage"],
  );
  assert.deepEqual(textsOf(next, "assistant"), ["Whole."]);
});

const staying = (host: MemoryHost) => host.processes.running().length;

test("while a command runs: it is dead, its output stays, and later calls are not begun", async () => {
  const host = createMemoryHost({ commands: [stays("serve", "listening\n"), stays("other")] });
  const { stopped } = await check({
    options: {
      host,
      clock: quickClock(),
      script: [[call("exec_command", { cmd: "serve" }), call("exec_command", { cmd: "other" })], done],
    },
    when: (played) => played.told("item/commandExecution/outputDelta"),
    outputs: [/^Aborted by the user.*listening/s, /^Not run: the user stopped/],
  });
  assert.equal(staying(host), 0);
  assert.equal(host.processes.started.length, 1);
  const [item] = stopped.items.slice(1);
  assert.ok(item?.type === "commandExecution");
  assert.deepEqual([item.status, item.aggregatedOutput], ["failed", "listening\n"]);
});

test("while an approval waits: the question is withdrawn, and an answer that comes too late does nothing", async () => {
  const late = Promise.withResolvers<ApprovalAnswer>();
  const { played, stopped } = await check({
    options: {
      script: [
        [customCall("apply_patch", "*** Begin Patch\n*** Add File: a.txt\n+a\n*** End Patch"), call("list_files", {})],
        done,
      ],
      answer: () => late.promise,
    },
    when: (one) =>
      one.told("thread/status/changed", ({ status }) => status.type === "active" && status.activeFlags.length > 0),
    outputs: [/^Not run: the user stopped the turn/, /^Not run/],
    after: () => late.resolve({ decision: "accept" }),
  });
  const item = stopped.items.at(-1);
  assert.equal(item?.type === "fileChange" && item.status, "declined");
  assert.equal(methodsOf(played.transcript).filter((method) => method === "serverRequest/resolved").length, 1);
});

test("while a background command is waited for: the command lives on, its output is not lost", async () => {
  const clock = quickClock();
  const host = createMemoryHost({ commands: [stays("serve", "listening\n")] });
  await check({
    options: {
      host,
      clock,
      script: [
        [call("exec_command", { cmd: "serve", yield_time_ms: 1000 })],
        [call("write_stdin", { session_id: 1, yield_time_ms: 2000 })],
        done,
      ],
    },
    async when() {
      await clock.sleeping(1000);
      assert.equal(staying(host), 1);
      clock.advance(1000);
      await clock.sleeping(2000);
    },
    outputs: [/Still running with session ID 1.*listening/s, /^Aborted/],
    background: ["commandExecution"],
  });
  assert.equal(staying(host), 0, "It ends with the host.");
});

/** Holds the first look at a file until it is let go, which is before the model hears of anything. */
function slowHost() {
  const host = createMemoryHost();
  const looking = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const stat: MemoryHost["files"]["stat"] = async (path, signal) => {
    looking.resolve();
    await go.promise;
    return host.files.stat(path, signal);
  };
  return { host: { ...host, files: { ...host.files, stat } }, looking: looking.promise, go: go.resolve };
}

async function stopEarly(played: Play, { looking, go }: ReturnType<typeof slowHost>) {
  const { thread } = await played.start();
  const { turn } = await begin(played, thread.id);
  await looking;
  const stopped = played.client.request("turn/interrupt", { threadId: thread.id, turnId: turn.id });
  await played.told("thread/status/changed");
  go();
  await stopped;
  assert.equal((await read(played, thread.id)).status, "interrupted");
  return thread.id;
}

test("before the context began: the message is kept and comes with the next", async () => {
  const slow = slowHost();
  const played = await play({ host: slow.host, script: [done, done] });
  const threadId = await stopEarly(played, slow);
  await played.say(threadId, "Go on.");
  await played.say(threadId, "Further.");
  const texts = textsOf(played.server.requests[1]!, "user").slice(1);
  assert.deepEqual(texts, ["Do it.", "Go on.", "Further."]);
  await played.close();
});

test("before the context began, and after a restart", async () => {
  const slow = slowHost();
  const first = await play({ host: slow.host, script: [done, done] });
  const threadId = await stopEarly(first, slow);
  await first.app.dispose();
  for (const text of ["Go on.", "Further."]) {
    const next = await play({ host: slow.host, script: [], server: first.server });
    await next.client.request("thread/resume", { threadId });
    assert.equal((await next.say(threadId, text)).status, "completed");
    await next.close();
  }
  assert.deepEqual(textsOf(first.server.requests[1]!, "user").slice(1), ["Do it.", "Go on.", "Further."]);
  await first.server.close();
});
