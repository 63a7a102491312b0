import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { quickClock } from "../support/fakeClock.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { inputOf, textOf, textsOf } from "../support/modelInput.ts";
import { fail, hang, hold } from "../support/modelServerReply.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

const done = message("Done.");
const text = (words: string) => [{ type: "text" as const, text: words }];

interface Waiting {
  readonly played: Play;
  readonly threadId: string;
  readonly turn: Turn;
  /** Lets the model go on. */
  readonly goOn: () => void;
}

/** A thread whose first answer, a command, has been asked for and comes when `goOn` is called. */
async function whileItRuns(options: Partial<PlayOptions> = {}): Promise<Waiting> {
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  const first = hold(0, promise, call("exec_command", { cmd: "npm test" }));
  let requests = 0;
  const played = await play({
    host: createMemoryHost({ commands: [prints("npm test", "1 passed\n")] }),
    clock: quickClock(),
    script: () => (requests++ === 0 ? first : done),
    ...options,
  });
  const { thread } = await played.start();
  const { turn } = await played.client.request("turn/start", { threadId: thread.id, input: text("Do it.") });
  await played.server.request(0);
  return { played, threadId: thread.id, turn, goOn };
}

function steer({ played, threadId, turn }: Waiting, words: string) {
  return played.client.request("turn/steer", { threadId, expectedTurnId: turn.id, input: text(words) });
}

async function queue({ played, threadId }: Pick<Waiting, "played" | "threadId">, words: string): Promise<string> {
  const params = { threadId, clientUserMessageId: words, input: text(words) };
  const { queuedSubmission } = await played.client.request("thread/queue/add", params);
  return queuedSubmission.id;
}

async function waiting({ played, threadId }: Pick<Waiting, "played" | "threadId">): Promise<string[]> {
  const { data } = await played.client.request("thread/queue/list", { threadId });
  return data.map(({ input, turnId }) => (turnId ? "steers: " : "") + (input[0]?.type === "text" ? input[0].text : ""));
}

/** What follows the user's first message in the newest request, one line an item. */
function said({ played }: Waiting): string[] {
  const input = inputOf(played.server.requests.at(-1)!);
  const from = input.findIndex((item) => item.role === "user" && textOf(item) === "Do it.");
  return input.slice(from + 1).map((item) => (item.role ? `${item.role}: ${textOf(item)}` : item.type));
}

function completed({ played }: Waiting, number: number): Promise<Turn[]> {
  return Promise.all(Array.from({ length: number }, async () => (await played.told("turn/completed")).turn));
}

test("a steer is read after the outputs of the calls that run, in the same turn", async () => {
  const thread = await whileItRuns();
  await steer(thread, "And be quick.");
  assert.deepEqual(await waiting(thread), ["steers: And be quick."]);
  thread.goOn();
  const [turn] = await completed(thread, 1);
  assert.equal(turn?.id, thread.turn.id);
  assert.deepEqual(said(thread), ["function_call", "function_call_output", "user: And be quick."]);
  assert.deepEqual(await waiting(thread), []);
  const { transcript, server } = thread.played;
  const { host } = new URL(server.baseUrl);
  await thread.played.close();
  assertGolden("steer/steer.txt", normalize(transcript, { replace: { [host]: "model.test" } }));
});

test("a steer in the last answer makes the turn go on", async () => {
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  const thread = await whileItRuns({ script: [hold(0, promise, done), message("Quick, too.")] });
  await steer(thread, "And be quick.");
  goOn();
  const [turn] = await completed(thread, 1);
  assert.deepEqual(said(thread), ["assistant: Done.", "user: And be quick."]);
  assert.equal(turn?.items[0]?.type === "agentMessage" && turn.items[0].text, "Quick, too.");
  await thread.played.close();
});

test("several steers are read together, in order", async () => {
  const thread = await whileItRuns();
  await Promise.all([steer(thread, "One."), steer(thread, "Two.")]);
  await thread.played.client.request("turn/start", { threadId: thread.threadId, input: text("Three.") });
  thread.goOn();
  await completed(thread, 1);
  assert.deepEqual(said(thread).slice(2), ["user: One.", "user: Two.", "user: Three."]);
  await thread.played.close();
});

test("steering another turn is a conflict, and nothing is kept", async () => {
  const thread = await whileItRuns();
  const { client } = thread.played;
  const other = { threadId: thread.threadId, expectedTurnId: thread.threadId, input: text("No.") };
  await assert.rejects(client.request("turn/steer", other), /not running any more/);
  assert.deepEqual(await waiting(thread), []);
  thread.goOn();
  await completed(thread, 1);
  await thread.played.close();
});

test("what waits starts turns of its own, one after another, when a turn has completed", async () => {
  const thread = await whileItRuns();
  await queue(thread, "Then this.");
  await queue(thread, "Then that.");
  assert.deepEqual(await waiting(thread), ["Then this.", "Then that."]);
  thread.goOn();
  const turns = await completed(thread, 3);
  assert.equal(new Set(turns.map(({ id }) => id)).size, 3);
  assert.deepEqual(said(thread).slice(-3), ["user: Then this.", "assistant: Done.", "user: Then that."]);
  const { transcript, server } = thread.played;
  const { host } = new URL(server.baseUrl);
  await thread.played.close();
  assertGolden("steer/queue.txt", normalize(transcript, { replace: { [host]: "model.test" } }));
});

test("what waits can be edited, reordered, deleted, and made to steer", async () => {
  const thread = await whileItRuns();
  const { client } = thread.played;
  const { threadId } = thread;
  const [one, two, three] = [await queue(thread, "One."), await queue(thread, "Two."), await queue(thread, "Three.")];
  await client.request("thread/queue/reorder", { threadId, queuedSubmissionIds: [three!, one!] });
  assert.deepEqual(await waiting(thread), ["Three.", "One.", "Two."]);
  await client.request("thread/queue/update", { threadId, queuedSubmissionId: one!, input: text("First.") });
  assert.deepEqual(await client.request("thread/queue/delete", { threadId, queuedSubmissionId: two! }), {
    deleted: true,
  });
  assert.deepEqual(await client.request("thread/queue/delete", { threadId, queuedSubmissionId: two! }), {
    deleted: false,
  });
  await assert.rejects(
    client.request("thread/queue/update", { threadId, queuedSubmissionId: two!, input: text("Too late.") }),
    /does not wait any more/,
  );
  const { turn } = await client.request("thread/queue/start", { threadId, queuedSubmissionId: three! });
  assert.equal(turn.id, thread.turn.id);
  assert.deepEqual(await waiting(thread), ["steers: Three.", "First."]);
  thread.goOn();
  await completed(thread, 2);
  assert.deepEqual(said(thread).slice(-3), ["user: Three.", "assistant: Done.", "user: First."]);
  await thread.played.close();
});

test("a steer can be taken back until it is read", async () => {
  const thread = await whileItRuns();
  await steer(thread, "No, rather not.");
  const { data } = await thread.played.client.request("thread/queue/list", { threadId: thread.threadId });
  const queuedSubmissionId = data[0]!.id;
  await thread.played.client.request("thread/queue/delete", { threadId: thread.threadId, queuedSubmissionId });
  thread.goOn();
  await completed(thread, 1);
  assert.deepEqual(said(thread), ["function_call", "function_call_output"]);
  await thread.played.close();
});

/** After an end that is not a completion everything waits for the user, the steers first. */
async function checkKept(end: (thread: Waiting) => Promise<unknown>, options: Partial<PlayOptions> = {}) {
  const thread = await whileItRuns(options);
  await queue(thread, "Later.");
  await steer(thread, "Now.");
  await end(thread);
  await completed(thread, 1);
  assert.deepEqual(await waiting(thread), ["Now.", "Later."]);
  const requests = thread.played.server.requests.length;
  await thread.played.client.request("thread/queue/start", { threadId: thread.threadId });
  await completed(thread, 2);
  assert.equal(thread.played.server.requests.length, requests + 2);
  assert.deepEqual(said(thread).slice(-3), ["user: Now.", "assistant: Done.", "user: Later."]);
  await thread.played.close();
}

test("kept when the turn is stopped", () =>
  checkKept(({ played, threadId, turn }) => played.client.request("turn/interrupt", { threadId, turnId: turn.id }), {
    script: [hang(), done, done],
  }));
test("kept when the turn fails", () => {
  const { promise: asked, resolve: refuse } = Promise.withResolvers<void>();
  const script = async (_request: unknown, { index }: { index: number }) => {
    if (index > 0) return done;
    await asked;
    return fail(403, { message: "No." });
  };
  return checkKept(async () => refuse(), { script });
});

test("kept when the host ends, with what was acknowledged only", async () => {
  const storage = new Map<string, string>();
  const thread = await whileItRuns({ host: createMemoryHost({ storage }), script: [hang()] });
  await queue(thread, "Later.");
  await steer(thread, "Now.");
  const killed = new Map(storage);
  const next = await play({ host: createMemoryHost({ storage: killed }), script: () => done });
  const { threadId } = thread;
  await next.client.request("thread/resume", { threadId });
  const joined = await next.told("thread/queue/changed");
  assert.deepEqual(
    joined.queuedSubmissions?.map(({ turnId }) => turnId),
    [undefined, undefined],
  );
  assert.deepEqual(await waiting({ played: next, threadId }), ["Later.", "Now."]);
  await next.client.request("thread/queue/start", { threadId });
  await next.told("turn/completed");
  await next.told("turn/completed");
  assert.deepEqual(textsOf(next.server.requests.at(-1)!, "user").slice(-2), ["Later.", "Now."]);
  await next.close();
  await thread.played.close();
});

test("a message for later begins a turn at once when nothing runs", async () => {
  const played = await play({ script: () => done });
  const { thread } = await played.start();
  const params = { threadId: thread.id, clientUserMessageId: "mine", input: text("Now.") };
  await played.client.request("thread/queue/add", params);
  await played.told("turn/completed");
  assert.equal(textsOf(played.server.requests[0]!, "user").at(-1), "Now.");
  await played.close();
});

test("a message that began a turn waits no more, also when the queue cannot be kept", async () => {
  const storage = new Map<string, string>();
  const host = createMemoryHost({ storage });
  const append = host.storage.append.bind(host.storage);
  host.storage.append = (name, line) =>
    line.startsWith('{"type":"queue","waiting":[]')
      ? Promise.reject(new Error("The disk is full."))
      : append(name, line);
  const thread = await whileItRuns({ host, script: [hang(), done] });
  await queue(thread, "Later.");
  await thread.played.client.request("turn/interrupt", { threadId: thread.threadId, turnId: thread.turn.id });
  await completed(thread, 1);
  await thread.played.client.request("thread/queue/start", { threadId: thread.threadId });
  await completed(thread, 1);
  assert.deepEqual(await waiting(thread), []);
  await thread.played.close();
});

test("kept for the surface that it was written in, where only one turn is wanted", async () => {
  const thread = await whileItRuns({ waiting: "keep" });
  await queue(thread, "Later.");
  thread.goOn();
  await completed(thread, 1);
  assert.deepEqual(await waiting(thread), ["Later."]);
  await thread.played.close();
});

test("kept while the thread is condensed after a stop", async () => {
  const { played, threadId, turn } = await whileItRuns({
    script: [hang(), done, message("An account.")],
    settings: { model: "test-model" },
  });
  await queue({ played, threadId }, "Later.");
  await played.client.request("turn/interrupt", { threadId, turnId: turn.id });
  await played.client.request("thread/compact/start", { threadId });
  await played.told("turn/completed");
  await played.told("turn/completed");
  assert.deepEqual(await waiting({ played, threadId }), ["Later."]);
  await played.close();
});
