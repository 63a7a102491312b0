import assert from "node:assert/strict";
import { test } from "node:test";
import { message, reasoning } from "../../src/core/model/demo/output.ts";
import { quickClock } from "../support/fakeClock.ts";
import { assertGolden } from "../support/golden.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { inputOf, textOf, textsOf } from "../support/modelInput.ts";
import { startModelServer } from "../support/modelServer.ts";
import { hang } from "../support/modelServerReply.ts";
import { asksForCompaction } from "../support/modelServerRules.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";
import { normalize } from "../support/transcript.ts";

const done = [reasoning("Easy."), message("Done.")];

/** A thread with one turn for each of these messages. */
async function withTurns(messages: readonly string[], options: Partial<PlayOptions> = {}) {
  const played = await play({ script: () => done, clock: quickClock(), ...options });
  const { thread } = await played.start();
  const turnIds: string[] = [];
  for (const text of messages) turnIds.push((await played.say(thread.id, text)).id);
  return { played, threadId: thread.id, turnIds };
}

/** What the user said in the newest request, without the layers of the prompt. */
function said(played: Play): string[] {
  return textsOf(played.server.requests.at(-1)!, "user").filter((text) => !text.startsWith("<"));
}

async function turnsOf({ client }: Play, threadId: string): Promise<string[]> {
  const { thread } = await client.request("thread/read", { threadId, includeTurns: true });
  return thread.turns.map(
    ({ items }) =>
      (items[0]?.type === "userMessage" ? textOf({ type: "", content: items[0].content as never }) : "") ?? "",
  );
}

async function checkRevert(before: number, left: readonly string[]) {
  const storage = new Map<string, string>();
  const server = await startModelServer({ script: () => done });
  const options = { server, host: createMemoryHost({ storage }) };
  const { played, threadId, turnIds } = await withTurns(["One.", "Two.", "Three."], options);
  const { thread } = await played.client.request("thread/revert", { threadId, beforeTurnId: turnIds[before]! });
  assert.equal(thread.turns.length, before);
  assert.deepEqual(await turnsOf(played, threadId), left);
  server.expectCut(threadId);
  await played.say(threadId, "Instead.");
  assert.deepEqual(said(played), [...left, "Instead."]);
  await played.close();
  const again = await play({ ...options, host: createMemoryHost({ storage }), script: [] });
  assert.deepEqual(await turnsOf(again, threadId), [...left, "Instead."]);
  await again.say(threadId, "Once more.");
  assert.deepEqual(said(again), [...left, "Instead.", "Once more."]);
  await again.close();
  await server.close();
}
test("the last turn taken back", () => checkRevert(2, ["One.", "Two."]));
test("two turns taken back", () => checkRevert(1, ["One."]));
test("all turns taken back", () => checkRevert(0, []));

test("taken back twice, also what came in place of it", async () => {
  const { played, threadId, turnIds } = await withTurns(["One.", "Two."]);
  await played.client.request("thread/revert", { threadId, beforeTurnId: turnIds[1]! });
  played.server.expectCut(threadId);
  const { id } = await played.say(threadId, "Instead.");
  await played.client.request("thread/revert", { threadId, beforeTurnId: id });
  played.server.expectCut(threadId);
  await played.say(threadId, "Or rather.");
  assert.deepEqual(said(played), ["One.", "Or rather."]);
  await played.close();
});

test("a turn before a compaction: the context is what it was then", async () => {
  const script: PlayOptions["script"] = (request) => (asksForCompaction(request) ? message("An account.") : done);
  const { played, threadId, turnIds } = await withTurns(["One.", "Two."], {
    script,
    settings: { model: "test-model" },
  });
  const before = inputOf(played.server.requests[1]!);
  await played.client.request("thread/compact/start", { threadId });
  await played.told("turn/completed");
  await played.client.request("thread/revert", { threadId, beforeTurnId: turnIds[1]! });
  await played.say(threadId, "Two.");
  const now = inputOf(played.server.requests.at(-1)!);
  assert.deepEqual(now, before);
  await played.close();
});

test("not while a turn runs, and not a turn that is not there", async () => {
  const { played, threadId } = await withTurns([], { script: [hang()] });
  const { turn } = await played.client.request("turn/start", { threadId, input: [{ type: "text", text: "Wait." }] });
  const revert = (beforeTurnId: string) => played.client.request("thread/revert", { threadId, beforeTurnId });
  await assert.rejects(revert(turn.id), /running/);
  await played.client.request("turn/interrupt", { threadId, turnId: turn.id });
  await assert.rejects(revert(threadId), /not part of the thread/);
  await played.close();
});

test("another client's message while a turn is taken back: its turn comes after that", async () => {
  const { played, threadId, turnIds } = await withTurns(["One.", "Two."]);
  const other = await played.join();
  played.server.expectCut(threadId);
  const reverted = played.client.request("thread/revert", { threadId, beforeTurnId: turnIds[1]! });
  const started = other.request("turn/start", { threadId, input: [{ type: "text", text: "Three." }] });
  const [, { turn }] = await Promise.all([reverted, started]);
  await played.told("turn/completed", (params) => params.turn.id === turn.id);
  assert.deepEqual(await turnsOf(played, threadId), ["One.", "Three."]);
  assert.deepEqual(said(played), ["One.", "Three."]);
  await played.close();
});

test("an earlier message edited, on the wire", async () => {
  const { played, threadId, turnIds } = await withTurns(["Fix teh parser.", "Faster."]);
  await played.client.request("thread/revert", { threadId, beforeTurnId: turnIds[0]! });
  played.server.expectCut(threadId);
  await played.say(threadId, "Fix the parser.");
  const { host } = new URL(played.server.baseUrl);
  const { transcript } = played;
  await played.close();
  assertGolden("revert/edit.txt", normalize(transcript, { replace: { [host]: "model.test" } }));
});

async function checkFork(until: "beforeTurnId" | "lastTurnId" | undefined, expected: readonly string[]) {
  const storage = new Map<string, string>();
  const host = createMemoryHost({ storage });
  const { played, threadId, turnIds } = await withTurns(["One.", "Two.", "Three."], { host });
  const point = until ? { [until]: turnIds[1]! } : {};
  const { thread } = await played.client.request("thread/fork", { threadId, ...point });
  assert.equal(thread.forkedFromId, threadId);
  assert.deepEqual(await turnsOf(played, thread.id), expected);
  await played.say(thread.id, "Another way.");
  assert.deepEqual(said(played), [...expected, "Another way."]);
  await played.say(threadId, "This way.");
  assert.deepEqual(said(played), ["One.", "Two.", "Three.", "This way."]);
  assert.deepEqual(
    played.server.requests.slice(-2).map(({ params }) => params?.prompt_cache_key),
    [thread.id, threadId],
  );
  await played.close();
  const again = await play({ host: createMemoryHost({ storage }), script: [] });
  assert.deepEqual(await turnsOf(again, thread.id), [...expected, "Another way."]);
  await again.close();
}
test("a copy of the whole thread", () => checkFork(undefined, ["One.", "Two.", "Three."]));
test("a copy of what was before a turn", () => checkFork("beforeTurnId", ["One."]));
test("a copy up to the end of a turn", () => checkFork("lastTurnId", ["One.", "Two."]));

test("a copy while a turn runs ends that turn in the copy alone", async () => {
  const { played, threadId } = await withTurns(["One."], { script: [done, hang(), done] });
  const { turn } = await played.client.request("turn/start", { threadId, input: [{ type: "text", text: "Wait." }] });
  await played.server.request(1);
  const { thread } = await played.client.request("thread/fork", { threadId });
  assert.deepEqual(
    thread.turns.map(({ status }) => status),
    ["completed", "interrupted"],
  );
  assert.equal((await played.say(thread.id, "Go on.")).status, "completed");
  await played.client.request("turn/interrupt", { threadId, turnId: turn.id });
  await played.close();
});

test("no copy of a thread without messages, nor of a turn that is not there", async () => {
  const { played, threadId } = await withTurns(["One."]);
  const { thread } = await played.start();
  await assert.rejects(played.client.request("thread/fork", { threadId: thread.id }), /nothing to copy/);
  await assert.rejects(
    played.client.request("thread/fork", { threadId, lastTurnId: thread.id }),
    /not part of the thread/,
  );
  await played.close();
});

test("a copy and its resumption, on the wire", async () => {
  const storage = new Map<string, string>();
  const { played, threadId, turnIds } = await withTurns(["One.", "Two."], { host: createMemoryHost({ storage }) });
  const { thread } = await played.client.request("thread/fork", { threadId, lastTurnId: turnIds[0]! });
  await played.close();
  const again = await play({ host: createMemoryHost({ storage }), script: [] });
  await again.client.request("thread/resume", { threadId: thread.id });
  await again.close();
  assertGolden("revert/forkAndResume.txt", normalize([...played.transcript, ...again.transcript]));
});
