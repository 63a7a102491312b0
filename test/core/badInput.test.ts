import assert from "node:assert/strict";
import { test } from "node:test";
import { call, customCall, message, type Output } from "../../src/core/model/demo/output.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { stays } from "../support/memoryProcesses.ts";
import { cutAfter, fail } from "../support/modelServerReply.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";

const done = message("Done.");

/** The output that the model got for its first call. */
function firstOutput(played: Play): string {
  const input = JSON.parse(played.server.requests.at(-1)?.body ?? "{}").input as { type: string; output?: string }[];
  return String(input.find((item) => item.type.endsWith("_output"))?.output);
}

/** A call that cannot be done becomes an output that says why, the item shows it, and the turn goes on. */
async function checkCall(made: Output, output: RegExp, host?: MemoryHost, type = "dynamicToolCall") {
  const played = await play({ script: [[made], done], ...(host ? { host } : {}) });
  const { thread } = await played.start();
  const turn = await played.say(thread.id, "Do it.");
  assert.equal(turn.status, "completed");
  assert.match(firstOutput(played), output);
  const { item } = await played.told("item/completed", (params) => params.item.type === type);
  if ("status" in item) assert.equal(item.status, "failed");
  await played.close();
}

const workspace = () => createMemoryHost({ files: { "/workspace/a.txt": "one\ntwo\n" } });
const patch = (text: string) => customCall("apply_patch", `*** Begin Patch\n${text}\n*** End Patch\n`);

test("an unknown tool", () => checkCall(call("make_coffee", {}), /no tool named make_coffee.*exec_command/s));
test("arguments that are not JSON", () => checkCall(call("read_file", "{path:"), /not valid JSON/));
test("arguments that do not fit", () => checkCall(call("read_file", { path: 7 }), /path: .*string/));
test("a file that is not there", () => checkCall(call("read_file", { path: "b.txt" }), /b\.txt/, workspace()));
test("a patch that does not match", () =>
  checkCall(patch("*** Update File: a.txt\n@@\n-three\n+3"), /a\.txt.*read/is, workspace()));
test("a patch that does not parse", () => checkCall(patch("*** Change File: a.txt"), /line 2/i, workspace()));
test("a wrong regular expression", () =>
  checkCall(call("search_text", { pattern: "(", regex: true }), /regular expression|pattern/i, workspace()));
test("a program that is not there", () =>
  checkCall(call("exec_command", { cmd: "x" }), /no program/i, workspace(), "commandExecution"));
test("a session that is not there", () => checkCall(call("write_stdin", { session_id: 9 }), /session ID 9/));
test("a picture that is none", () =>
  checkCall(call("view_image", { path: "a.txt" }), /not a PNG/, workspace(), "imageView"));

test("a line that changed since the patch was proposed: nothing is written, the user's text stays", async () => {
  const host = workspace();
  const played = await play({
    host,
    script: [[patch("*** Update File: a.txt\n@@\n-one\n+1")], done],
    answer() {
      host.setUnsaved("/workspace/a.txt", "mine\ntwo\n");
      return { decision: "accept" };
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  assert.match(firstOutput(played), /changed/);
  const { bytes } = await host.files.read("/workspace/a.txt", new AbortController().signal);
  assert.equal(new TextDecoder().decode(bytes), "mine\ntwo\n");
  await played.close();
});

test("a command that hangs goes on in the background, and can be stopped", async () => {
  const clock = createFakeClock();
  const host = createMemoryHost({ commands: [stays("serve", "listening\n")] });
  const played = await play({
    host,
    clock,
    script: [
      [call("exec_command", { cmd: "serve", yield_time_ms: 1000 })],
      [call("write_stdin", { session_id: 1, chars: "\u0003" })],
      done,
    ],
  });
  const { thread } = await played.start();
  const ended = played.say(thread.id, "Do it.");
  await clock.sleeping(1000);
  clock.advance(1000);
  const turn = await ended;
  assert.equal(turn.status, "completed");
  assert.match(firstOutput(played), /Still running with session ID 1/);
  assert.deepEqual(host.processes.running(), []);
  const { item } = await played.told("item/completed", (params) => params.item.type === "commandExecution");
  assert.equal(item.type === "commandExecution" && item.aggregatedOutput, "listening\n");
  await played.close();
});

/** A model that fails ends the turn with a message that says what to do; the thread goes on with the next message. */
async function checkFailure(options: PlayOptions, expected: { message: RegExp; kind: unknown }) {
  const played = await play(options);
  const { thread } = await played.start();
  const turn: Turn = await played.say(thread.id, "Do it.");
  assert.equal(turn.status, "failed");
  assert.match(turn.error?.message ?? "", expected.message);
  assert.deepEqual(turn.error?.codexErrorInfo, expected.kind);
  return { played, threadId: thread.id };
}

test("a wrong key, and the thread is usable afterwards", async () => {
  const { played, threadId } = await checkFailure(
    {
      script: [
        fail(401, { message: "Incorrect API key provided.", code: "invalid_api_key", type: "invalid_request_error" }),
        done,
      ],
    },
    { message: /key/i, kind: "unauthorized" },
  );
  assert.equal((await played.say(threadId, "Again.")).status, "completed");
  await played.close();
});

test("no key", async () => {
  const { played } = await checkFailure(
    { script: [], provider: { apiKey: undefined } },
    { message: /Set API Key/, kind: "unauthorized" },
  );
  assert.equal(played.server.requests.length, 0);
  await played.close();
});

test("a host that cannot be reached", async () => {
  const { played } = await checkFailure(
    { script: [], provider: { baseUrl: "http://127.0.0.1:9/v1" }, settings: { maxRetries: 0 } },
    { message: /127\.0\.0\.1/, kind: { httpConnectionFailed: { httpStatusCode: null } } },
  );
  await played.close();
});

test("a stream that breaks is tried again, and shown once", async () => {
  const clock = createFakeClock();
  const played = await play({
    clock,
    script: [cutAfter(8, message("A long answer in several pieces.")), message("A long answer in several pieces.")],
  });
  const { thread } = await played.start();
  const ended = played.say(thread.id, "Do it.");
  const retry = await played.told("error");
  assert.deepEqual([retry.willRetry, retry.attempt, retry.maxAttempts], [true, 1, 3]);
  clock.advance(60_000);
  const turn = await ended;
  assert.equal(turn.status, "completed");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  const texts = read.turns[0]?.items.map((item) => (item.type === "agentMessage" ? item.text : item.type));
  assert.deepEqual(texts, ["userMessage", "A long answer in several pieces."]);
  await played.close();
});

test("a window without a folder says what to do", async () => {
  const played = await play({ script: [], host: createMemoryHost({ roots: [] }) });
  await assert.rejects(played.start(), /No folder is open/);
  await played.close();
});

test("a message that cannot be kept is not taken", async () => {
  const host = createMemoryHost();
  const played = await play({ script: [done], host });
  const { thread } = await played.start();
  host.failNext("append", new AgentError("internal", "The disk is full."));
  await assert.rejects(played.say(thread.id, "Do it."), /disk is full|Internal error/);
  assert.equal((await played.say(thread.id, "Again.")).status, "completed");
  await played.close();
});
