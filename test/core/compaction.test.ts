import assert from "node:assert/strict";
import { test } from "node:test";
import { call, compaction, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { ItemOf } from "../../src/protocol/items.ts";
import { quickClock } from "../support/fakeClock.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { inputOf, textOf, textsOf } from "../support/modelInput.ts";
import { startModelServer } from "../support/modelServer.ts";
import { asReply, fail, hold, type Reply } from "../support/modelServerReply.ts";
import { asksForCompaction, type ParsedRequest } from "../support/modelServerRules.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

const done = message("Done.");
const account = message("The parser is half done.");
/** Does not condense a context by itself. */
const PLAIN = "test-model";
const filler = "All work and no play. ";

/** Tokens, at four bytes each. */
function words(tokens: number): string {
  return filler.repeat(Math.ceil((tokens * 4) / filler.length)).slice(0, tokens * 4);
}

/** What the model answers, apart from requests for the context in short. */
function script(replies: (request: ParsedRequest, index: number) => Reply, short: Reply = account) {
  let index = 0;
  return (request: ParsedRequest) => (asksForCompaction(request) ? short : replies(request, index++));
}

async function compacted(played: Play): Promise<ItemOf<"contextCompaction">> {
  const { item } = await played.told("item/completed", ({ item }) => item.type === "contextCompaction");
  return item as ItemOf<"contextCompaction">;
}

/** The newest request, one line an item, cut to its beginning. */
function outline(played: Play): string[] {
  return inputOf(played.server.requests.at(-1)!).map((item) =>
    item.role ? `${item.role}: ${textOf(item)?.slice(0, 20)}` : item.type,
  );
}

const WORLD = [/^developer: <permissions>/, /^user: <environment_conte/];

async function checkByHand({ model, short, stands }: { model: string; short: Reply; stands: RegExp }) {
  const played = await play({ settings: { model }, script: script(() => done, short), clock: quickClock() });
  const { thread } = await played.start();
  await played.say(thread.id, "Fix the parser.");
  await played.client.request("thread/compact/start", { threadId: thread.id });
  await played.told("turn/completed");
  const item = await compacted(played);
  assert.equal(item.reason, "manual");
  played.server.expectCut(thread.id);
  await played.say(thread.id, "Go on.");
  const lines = outline(played);
  assert.equal(lines[0], "user: Fix the parser.");
  assert.match(lines.at(-2) ?? "", stands);
  assert.equal(lines.at(-1), "user: Go on.");
  const { transcript, server } = played;
  const { host } = new URL(server.baseUrl);
  await played.close();
  return normalize(transcript, { replace: { [host]: "model.test" } });
}
test("by hand, with an account by the model", async () =>
  assertGolden(
    "compaction/local.txt",
    await checkByHand({ model: PLAIN, short: account, stands: /^user: <context_summary>/ }),
  ));
test("by hand, by the server", async () =>
  assertGolden(
    "compaction/remote.txt",
    await checkByHand({ model: "gpt-6.1-sol", short: compaction(), stands: /^compaction$/ }),
  ));

test("for another model there is an account in words, since what a server condensed for one cannot be read by others", async () => {
  const server = await startModelServer({ models: ["gpt-6.1-sol", "gpt-5.6-sol"], script: script(() => done) });
  const played = await play({ server, script: [] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await played.client.request("thread/settings/update", { threadId: thread.id, model: "gpt-5.6-sol" });
  await played.client.request("thread/compact/start", { threadId: thread.id });
  await played.told("turn/completed");
  server.expectCut(thread.id);
  await played.say(thread.id, "Two.");
  const [, asked, last] = server.requests;
  assert.match(textsOf(asked!, "user").at(-1) ?? "", /^<context_compaction>/);
  assert.equal(last?.params?.model, "gpt-5.6-sol");
  assert.match(textsOf(last!, "user").at(-2) ?? "", /half done/);
  await played.close();
  await server.close();
});

test("asked for during the last answer of a turn: at once after it", async () => {
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  const answers = [hold(0, promise, done)];
  const played = await play({ settings: { model: PLAIN }, script: script(() => answers.shift() ?? done) });
  const { thread } = await played.start();
  await played.client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "One." }] });
  await played.server.request(0);
  await played.client.request("thread/compact/start", { threadId: thread.id });
  goOn();
  await compacted(played);
  assert.equal(played.server.requests.length, 2);
  await played.told("turn/completed");
  assert.equal((await played.told("turn/completed")).turn.status, "completed");
  await played.close();
});

test("nothing to condense", async () => {
  const played = await play({ script: [] });
  const { thread } = await played.start();
  await assert.rejects(played.client.request("thread/compact/start", { threadId: thread.id }), /nothing to condense/);
  await played.close();
});

test("the summarising request has the same tools and continues the thread, so that the cache hits", async () => {
  const played = await play({ settings: { model: PLAIN }, script: script(() => done) });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await played.client.request("thread/compact/start", { threadId: thread.id });
  await played.told("turn/completed");
  const [first, summarising] = played.server.requests;
  assert.ok(summarising!.body.startsWith(first!.body.slice(0, -"]}".length)));
  await played.close();
});

test("a server that does not condense contexts is asked for an account, and not asked again", async () => {
  const kinds: string[] = [];
  const played = await play({
    script: (request) => {
      const last = request.input.at(-1);
      if (asksForCompaction(request)) kinds.push(last?.type ?? "message");
      if (last?.type === "compaction_trigger") return fail(400, { message: "Unknown item type." });
      return asksForCompaction(request) ? account : done;
    },
  });
  const { thread } = await played.start();
  for (const text of ["One.", "Two."]) {
    await played.say(thread.id, text);
    await played.client.request("thread/compact/start", { threadId: thread.id });
    await compacted(played);
    await played.told("turn/completed");
    played.server.expectCut(thread.id);
  }
  await played.say(thread.id, "Three.");
  await played.close().catch((error: Error) => assert.match(error.message, /cut was expected/));
  assert.deepEqual(kinds, ["compaction_trigger", "message", "message"]);
});

test("a model that calls tools instead is told that it cannot; without an account the thread goes on all the same", async () => {
  for (const [second, stands] of [
    [account, /half done/],
    [call("exec_command", { cmd: "ls" }, "b"), /without an account/],
  ] as const) {
    const shorts = [call("exec_command", { cmd: "ls" }, "a"), second];
    const played = await play({
      settings: { model: PLAIN },
      script: (request) => (JSON.stringify(request.input).includes("<context_compaction>") ? shorts.shift()! : done),
    });
    const { thread } = await played.start();
    await played.say(thread.id, "One.");
    await played.client.request("thread/compact/start", { threadId: thread.id });
    await compacted(played);
    await played.told("turn/completed");
    // The reminder stands after the request for an account, so the server takes it for an ordinary request.
    played.server.expectCut(thread.id);
    await played.say(thread.id, "Two.");
    assert.match(
      inputOf(played.server.requests.at(-1)!)
        .map((item) => textOf(item))
        .at(-2) ?? "",
      stands,
    );
    assert.deepEqual(
      outline(played).filter((line) => line.includes("call")),
      [],
    );
    await played.close();
  }
});

/** A thread whose window is small, so that it is condensed by itself. */
function small(options: Partial<PlayOptions> & Pick<PlayOptions, "script">): Promise<Play> {
  const settings = { model: PLAIN, contextWindow: 40_000 };
  return play({ settings, clock: quickClock(), ...options });
}

test("before a turn, at nine tenths of the usable window, and the meter drops", async () => {
  const played = await small({ script: script((_request, index) => (index < 2 ? message(words(10_000)) : done)) });
  const { thread } = await played.start();
  await played.say(thread.id, `Remember this. ${words(1_000)}`);
  await played.say(thread.id, words(2_000));
  played.server.expectCut(thread.id);
  const { turn } = await played.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "And now?" }],
  });
  const item = await compacted(played);
  assert.equal(item.reason, "auto");
  assert.ok(item.tokensAfter! < item.tokensBefore! - 5_000, JSON.stringify(item));
  await played.told("turn/completed", (params) => params.turn.id === turn.id);
  const lines = outline(played);
  assert.deepEqual([lines[0], lines.at(-1)], ["user: Remember this. All w", "user: And now?"]);
  for (const layer of WORLD) assert.equal(lines.filter((line) => layer.test(line)).length, 1, lines.join("\n"));
  const usage = played.transcript.flatMap(({ message: { method, params } }) =>
    method === "thread/tokenUsage/updated"
      ? [(params as { tokenUsage: { last: { totalTokens: number } } }).tokenUsage.last.totalTokens]
      : [],
  );
  assert.ok(usage.at(-2)! < usage.at(-3)! - 5_000, `The meter: ${usage}`);
  await played.close();
});

test("a context that gets no smaller is not condensed before each request", async () => {
  const cat = call("exec_command", { cmd: "cat log" });
  const host = createMemoryHost({
    commands: [prints("cat log", "little\n")],
    files: { "/workspace/AGENTS.md": words(7_000) },
  });
  let asked = 0;
  const played = await play({
    host,
    settings: { model: PLAIN, contextWindow: 8_000 },
    clock: quickClock(),
    script: (request) => {
      if (asksForCompaction(request)) asked++;
      else return asked < 9 && request.input.length < 30 ? [cat] : done;
      return account;
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "Go.");
  assert.equal(asked, 1);
  await played.close();
});

test("a compaction that failed does not count as one", async () => {
  const shorts: Reply[] = [asReply(fail(403, { message: "No." })), account];
  const played = await play({
    settings: { model: PLAIN },
    script: (request) => (asksForCompaction(request) ? shorts.shift()! : done),
  });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  for (const status of ["failed", "completed"]) {
    await played.client.request("thread/compact/start", { threadId: thread.id });
    assert.equal((await played.told("turn/completed")).turn.status, status);
  }
  assert.ok(!played.transcript.some(({ message: { method } }) => method === "warning"));
  await played.close();
});

test("within a turn, and the calls go on after it", async () => {
  const host = createMemoryHost({ commands: [prints("cat log", words(9_000))] });
  const read = call("exec_command", { cmd: "cat log", max_output_tokens: 9_500 });
  const played = await small({
    host,
    script: script((_request, index) => (index < 4 ? [reasoning("Look."), read] : done)),
  });
  const { thread } = await played.start();
  played.server.expectCut(thread.id);
  played.server.expectCut(thread.id);
  const turn = await played.say(thread.id, "Read the log until you understand it.");
  assert.equal(turn.status, "completed");
  const lines = outline(played);
  assert.equal(lines[0], "user: Read the log until y");
  assert.ok(lines.some((line) => line.startsWith("user: <context_summary>")));
  await played.close().catch((error: Error) => assert.match(error.message, /cut was expected/));
});

/** `room` is what the server takes beside the layers of the prompt, in tokens. */
async function checkOverflow(room: number, requests: number) {
  const limits = { contextWindow: Number.POSITIVE_INFINITY };
  const server = await startModelServer(Object.assign(limits, { script: script(() => done) }));
  const played = await play({ settings: { model: PLAIN }, server, script: [], clock: quickClock() });
  const { thread } = await played.start();
  for (let part = 0; part < 3; part++) await played.say(thread.id, `Part ${part}. ${words(6_000)}`);
  const layers = server.requests[0]!.bytes / 4 - 6_000;
  limits.contextWindow = layers + room;
  const before = server.requests.length;
  server.expectCut(thread.id);
  server.expectCut(thread.id);
  const { turn } = await played.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: `The newest. ${words(16_000)}` }],
  });
  const item = await compacted(played);
  assert.equal(item.reason, "overflow");
  await played.told("turn/completed", (params) => params.turn.id === turn.id && params.turn.status === "completed");
  assert.equal(server.requests.length - before, requests);
  const last = textsOf(server.requests.at(-1)!, "user");
  assert.ok(last[0]?.startsWith("Part 0."));
  assert.ok(last.some((text) => text.startsWith("The newest.")));
  await played.close();
  await server.close().catch((error: Error) => assert.match(error.message, /cut was expected/));
}
test("a request that the server refuses as too long is condensed and made once more", () => checkOverflow(31_000, 3));
test("a summarising request that is too long leaves out the oldest items", () => checkOverflow(20_500, 4));

test("too long once more after that ends the turn, and the message is kept", async () => {
  const tooLong = fail(400, { message: "Your input exceeds the context window.", code: "context_length_exceeded" });
  const played = await play({ settings: { model: PLAIN }, script: script(() => tooLong) });
  const { thread } = await played.start();
  played.server.expectCut(thread.id);
  played.server.expectCut(thread.id);
  const turn = await played.say(thread.id, "Too much.");
  assert.equal(turn.status, "failed");
  assert.equal(turn.error?.codexErrorInfo, "contextWindowExceeded");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  assert.equal(read.turns[0]?.items[0]?.type, "userMessage");
  await played.close();
});

test("a failed compaction leaves the context as it was", async () => {
  const played = await play({
    settings: { model: PLAIN },
    script: script(() => done, asReply(fail(403, { message: "No." }))),
  });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await played.client.request("thread/compact/start", { threadId: thread.id });
  const { turn } = await played.told("turn/completed");
  assert.equal(turn.status, "failed");
  await played.say(thread.id, "Two.");
  assert.deepEqual(textsOf(played.server.requests.at(-1)!, "user").slice(-2), ["One.", "Two."]);
  await played.close();
});

test("after a restart the context is exactly the same", async () => {
  const storage = new Map<string, string>();
  const server = await startModelServer({ script: script(() => done) });
  const options: PlayOptions = { settings: { model: PLAIN }, server, script: [], clock: quickClock() };
  const played = await play({ ...options, host: createMemoryHost({ storage }) });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await played.client.request("thread/compact/start", { threadId: thread.id });
  await compacted(played);
  await played.told("turn/completed");
  server.expectCut(thread.id);
  await played.say(thread.id, "Two.");
  await played.close();
  const again = await play({ ...options, host: createMemoryHost({ storage }) });
  await again.client.request("thread/resume", { threadId: thread.id });
  // The server would refuse it if it were not.
  assert.equal((await again.say(thread.id, "Three.")).status, "completed");
  await again.close();
  await server.close();
});

test("after the second compaction a new thread is suggested", async () => {
  const played = await play({ settings: { model: PLAIN }, script: script(() => done) });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  for (const time of [1, 2]) {
    if (time === 2) played.server.expectCut(thread.id);
    await played.client.request("thread/compact/start", { threadId: thread.id });
    await compacted(played);
    await played.told("turn/completed");
  }
  const { message: warning } = await played.told("warning");
  assert.match(warning, /condensed 2 times.*new thread/);
  await played.close();
});

test("what a server condensed is put in words by its model before another one goes on", async () => {
  const short = (request: ParsedRequest) =>
    request.input.at(-1)?.type === "compaction_trigger" ? compaction() : account;
  const played = await play({ script: (request) => (asksForCompaction(request) ? short(request) : done) });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  await played.client.request("thread/compact/start", { threadId: thread.id });
  await played.told("turn/completed");
  played.server.expectCut(thread.id);
  await played.client.request("thread/settings/update", { threadId: thread.id, model: "gpt-5.4" });
  played.server.expectCut(thread.id);
  await played.say(thread.id, "Two.");
  const [summarising, last] = played.server.requests.slice(-2);
  assert.equal(summarising?.params?.model, "gpt-6.1-sol");
  assert.equal(last?.params?.model, "gpt-5.4");
  assert.ok(textsOf(last!, "user").some((text) => text.includes("half done")));
  await played.close();
});
