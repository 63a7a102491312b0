import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { answerEvents } from "../../src/core/model/demo/events.ts";
import { call, message, type Output, reasoning } from "../../src/core/model/demo/output.ts";
import { AnswerReader, type AnswerSink } from "../../src/core/stream.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { cutAfter } from "../support/modelServerReply.ts";
import { play } from "../support/play.ts";

/** What a surface shows of the items, when it starts them, adds deltas, and takes the end as the truth. */
function screen() {
  const items = new Map<string, ThreadItem>();
  const ended = new Map<string, ThreadItem>();
  let ids = 0;
  const texts = (item: ThreadItem): string[] => {
    if (item.type === "agentMessage") return [item.text];
    return item.type === "reasoning" ? [item.summary.join("|")] : [];
  };
  const sink: AnswerSink = {
    newId: () => `item ${++ids}`,
    now: () => 0,
    started(item) {
      assert.ok(!items.has(item.id), "An item starts once.");
      items.set(item.id, structuredClone(item));
    },
    delta({ itemId, delta }) {
      const item = items.get(itemId);
      if (item?.type === "agentMessage") item.text += delta;
      else if (item?.type === "reasoning") item.summary.push(delta);
    },
    part() {},
    async completed(item) {
      assert.ok(items.has(item.id), "An item that ends has started.");
      assert.notDeepEqual(item, ended.get(item.id), "An end is told once, however often it is said.");
      ended.set(item.id, structuredClone(item));
      items.set(item.id, structuredClone(item));
    },
  };
  const shown = () => [...items.values()].flatMap(texts).filter((text) => text !== "");
  return { sink, shown };
}

const text = (id: string, words: string) => ({
  type: "message",
  id,
  role: "assistant",
  content: [{ type: "output_text", text: words }],
});
const thought = (id: string, words: string) => ({
  type: "reasoning",
  id,
  summary: [{ type: "summary_text", text: words }],
  encrypted_content: "x",
});
const toolCall = (id: string, call_id: string) => ({
  type: "function_call",
  id,
  call_id,
  name: "list_files",
  arguments: "{}",
});
const refused = (id: string) => ({
  type: "message",
  id,
  role: "assistant",
  content: [{ type: "refusal", refusal: "No." }],
});

const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const delta = (output_index: number, words: string) => ({
  type: "response.output_text.delta",
  output_index,
  content_index: 0,
  delta: words,
});
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });
const refusalDelta = (output_index: number, words: string) => ({
  ...delta(output_index, words),
  type: "response.refusal.delta",
});

/** Reads attempts, all broken but the last; compares what is shown and which calls are made. */
async function check(attempts: readonly (readonly object[])[], expected: { shown: string[]; calls?: string[] }) {
  const { sink, shown } = screen();
  const reader = new AnswerReader(sink);
  for (const [index, events] of attempts.entries()) {
    if (index > 0) reader.nextAttempt();
    for (const event of events) await reader.read(event as ResponseStreamEvent);
  }
  const { calls, inputs } = await reader.finish();
  assert.deepEqual(shown(), expected.shown);
  assert.deepEqual(
    calls.map(({ callId }) => callId),
    expected.calls ?? [],
  );
  assert.equal(
    new Set(inputs.map((input) => JSON.stringify(input))).size,
    inputs.length,
    "Nothing is sent back twice.",
  );
}

const hello = text("msg_1", "Hello");

test("a whole message", () =>
  check([[added(0, text("msg_1", "")), delta(0, "Hel"), delta(0, "lo"), done(0, hello)]], { shown: ["Hello"] }));
test("only its end", () => check([[done(0, hello)]], { shown: ["Hello"] }));
test("deltas before it was added", () =>
  check([[delta(0, "Hel"), added(0, text("msg_1", "")), done(0, hello)]], { shown: ["Hello"] }));
test("deltas after its end", () => check([[done(0, hello), delta(0, " again")]], { shown: ["Hello"] }));
test("its beginning and its end twice", () =>
  check([[added(0, hello), added(0, hello), done(0, hello), done(0, hello)]], { shown: ["Hello"] }));
test("the same item again at another place", () =>
  check([[done(0, hello), added(1, hello), delta(1, "Hello"), done(1, hello)]], { shown: ["Hello"] }));
test("another item under the same id", () =>
  check([[done(0, hello), added(1, text("msg_1", "")), delta(1, "B"), done(1, text("msg_1", "Bye"))]], {
    shown: ["Hello", "Bye"],
  }));
test("the same call twice, under different ids", () =>
  check([[done(0, toolCall("fc_1", "call_1")), done(1, toolCall("fc_2", "call_1"))]], {
    shown: [],
    calls: ["call_1"],
  }));
test("items that end in another order go back in their own", () =>
  check([[done(1, toolCall("fc_1", "call_1")), done(0, toolCall("fc_0", "call_0"))]], {
    shown: [],
    calls: ["call_0", "call_1"],
  }));
test("a refusal is shown", () =>
  check([[refusalDelta(0, "N"), added(0, refused("msg_1")), refusalDelta(0, "No"), done(0, refused("msg_1"))]], {
    shown: ["No."],
  }));
test("events that nobody knows", () =>
  check([[{ type: "response.unheard_of" }, added(0, { type: "unheard_of" }), delta(0, "x"), done(1, hello)]], {
    shown: ["Hello"],
  }));

const begun = [added(0, text("msg_0", "")), delta(0, "Hel")];
test("broken and said again: shown once", () =>
  check([begun, [added(0, text("msg_1", "")), delta(0, "Hello"), done(0, hello)]], { shown: ["Hello"] }));
test("broken after its end, and said again: its end is told once", () =>
  check([[done(0, hello)], [added(0, text("msg_1", "")), delta(0, "Hel"), done(0, hello)]], { shown: ["Hello"] }));
test("broken after its end, and then said differently", () =>
  check([[done(0, hello)], [done(0, text("msg_1", "Bye"))]], { shown: ["Bye"] }));
test("broken and said differently: the end counts", () =>
  check([begun, [added(0, text("msg_1", "")), delta(0, "Bye"), done(0, text("msg_1", "Bye"))]], { shown: ["Bye"] }));
test("broken after its end, and left out the next time: not shown", () =>
  check([[done(0, hello)], [done(0, toolCall("fc_1", "call_1"))]], { shown: [], calls: ["call_1"] }));
test("broken after two items, three the next time, in another order", () =>
  check(
    [
      [done(0, thought("rs_1", "Hm")), done(1, text("msg_1", "A"))],
      [done(0, text("msg_2", "B")), done(1, text("msg_3", "C")), done(2, text("msg_4", "D"))],
    ],
    { shown: ["B", "C", "D"] },
  ));

test("abandoned: what was shown stays, and is given for the context", async () => {
  const { sink, shown } = screen();
  const reader = new AnswerReader(sink);
  const events = [done(0, hello), added(1, thought("rs_1", "")), added(2, text("msg_2", "")), delta(2, "By")];
  for (const event of events) await reader.read(event as ResponseStreamEvent);
  assert.deepEqual(await reader.abandon(), ["Hello", "By"]);
  assert.deepEqual(shown(), ["Hello", "By"]);
});

const answers: readonly (readonly Output[])[] = [
  [
    reasoning("First I look.", "Then I run it."),
    message("I look at all of it, one by one."),
    call("exec_command", { cmd: "npm test" }, "call_a"),
  ],
  [message("All is well.")],
];

/** A thread as it is read at the end, without ids and times. */
async function playedWith(cut: number | undefined) {
  const clock = createFakeClock();
  const host = createMemoryHost({ commands: [prints("npm test", "ok\n")] });
  const [first = [], second = []] = answers;
  const played = await play({
    host,
    clock,
    script: [...(cut === undefined ? [] : [cutAfter(cut, ...first)]), first, second],
  });
  const { thread } = await played.start();
  const said = played.say(thread.id, "Do it.");
  if (cut !== undefined) {
    await played.told("error");
    await clock.sleeping(150);
    clock.advance(150);
  }
  assert.equal((await said).status, "completed");
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  await played.close();
  assert.equal(host.processes.started.length, 1, "The command runs once.");
  return JSON.stringify(read.turns, (key, value) => (/id$|At|Ms$/i.test(key) ? 0 : value), 1);
}

test("cut after any event and tried again, a turn is the same as the uncut one", async () => {
  const uncut = await playedWith(undefined);
  const { length } = answerEvents({
    id: "0001",
    request: { model: "test", input: [], stream: true, reasoning: {} },
    outputs: answers[0] ?? [],
    ending: { type: "completed" },
    inputTokens: { total: 1, cached: 0 },
    createdAt: 0,
  });
  assert.ok(length > 10);
  for (let events = 0; events < length; events++) {
    assert.equal(await playedWith(events), uncut, `cut after ${events} events`);
  }
});
