import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { JournalRecord } from "../../src/core/store/records.ts";
import { quickClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { inputOf, textOf } from "../support/modelInput.ts";
import { hold } from "../support/modelServerReply.ts";
import { asksForCompaction, type ParsedRequest } from "../support/modelServerRules.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";

const input = (text: string) => [{ type: "text" as const, text }];

interface Torn {
  /** What happens in the thread before. */
  readonly acts: (played: Play, threadId: string) => Promise<unknown>;
  readonly options: PlayOptions;
  /** The journal ends with the first record that fits. */
  readonly last: (record: JournalRecord, records: readonly JournalRecord[]) => boolean;
  readonly settings?: PlayOptions["settings"];
}

/** What the model sees of the next message after the program ended in the middle of a write, one line an item. */
async function resumed({ acts, options, last, settings }: Torn): Promise<string[]> {
  const storage = new Map<string, string>();
  const before = await play({ clock: quickClock(), host: createMemoryHost({ storage, commands }), ...options });
  const { thread } = await before.start();
  await acts(before, thread.id);
  await before.close().catch((error: Error) => assert.match(error.message, /cut was expected/));
  const name = `threads/${thread.id}.jsonl`;
  const lines = (storage.get(name) ?? "").trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as JournalRecord);
  const end = records.findIndex((record) => last(record, records));
  assert.ok(end > 0, "The journal has what it is to be cut at.");
  storage.set(name, `${lines.slice(0, end + 1).join("\n")}\n${lines[end + 1]?.slice(0, 30)}`);
  const after = await play({ host: createMemoryHost({ storage }), script: [message("Going on.")], settings });
  assert.equal((await after.say(thread.id, "Go on.")).status, "completed");
  const seen = inputOf(after.server.requests[0]!);
  await after.close();
  return seen.map((item) => (item.role ? `${item.role}: ${textOf(item)}` : item.type));
}

const commands = [prints("npm test", "1 passed\n")];
const count = (lines: readonly string[], wanted: string) => lines.filter((line) => line.includes(wanted)).length;

test("a steer that is an item and not yet in the context: the model reads it with the next message, once", async () => {
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  let requests = 0;
  const lines = await resumed({
    options: {
      script: () => (requests++ === 0 ? hold(0, promise, call("exec_command", { cmd: "npm test" })) : message("Done.")),
    },
    async acts(played, threadId) {
      const { turn } = await played.client.request("turn/start", { threadId, input: input("Do it.") });
      await played.server.request(0);
      await played.client.request("turn/steer", { threadId, expectedTurnId: turn.id, input: input("And be quick.") });
      goOn();
      await played.told("turn/completed");
    },
    last: (record) => record.type === "item" && JSON.stringify(record).includes("And be quick."),
  });
  assert.equal(count(lines, "And be quick."), 1);
  assert.equal(lines.at(-1), "user: Go on.");
});

test("the head of another model without what that can read of the context: made anew, so that the model can read all of it", async () => {
  const lines = await resumed({
    options: { script: () => [reasoning("Hm."), message("Done.")] },
    async acts(played, threadId) {
      await played.say(threadId, "One.");
      await played.client.request("thread/settings/update", { threadId, model: "gpt-5.4" });
      played.server.expectCut(threadId);
      await played.say(threadId, "Two.");
    },
    last: (record) => record.type === "head" && record.model === "gpt-5.4",
  });
  assert.equal(count(lines, "reasoning"), 0, lines.join("\n"));
  assert.deepEqual([count(lines, "user: One."), count(lines, "user: Two.")], [1, 1]);
});

test("what was said before the context was condensed is not said again", async () => {
  let steps = 0;
  const script = (request: ParsedRequest) => {
    if (asksForCompaction(request)) return message("An account.");
    return [message(`Step ${++steps}.`), call("exec_command", { cmd: "npm test" })].slice(0, steps < 3 ? 2 : 1);
  };
  const lines = await resumed({
    options: { script, settings: { model: "test-model" } },
    async acts(played, threadId) {
      const begun = played.told("item/completed", ({ item }) => item.type === "commandExecution");
      const ended = played.say(threadId, "Do it.");
      await begun;
      played.server.expectCut(threadId);
      await played.client.request("thread/compact/start", { threadId });
      await ended;
    },
    last: (record, records) =>
      record.type === "request" && records.indexOf(record) > records.findIndex(({ type }) => type === "history"),
    settings: { model: "test-model" },
  });
  assert.equal(count(lines, "An account."), 1);
  assert.equal(count(lines, "assistant: Step 1."), 0, lines.join("\n"));
});
