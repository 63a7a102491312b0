import assert from "node:assert/strict";
import { test } from "node:test";
import { serializeHead } from "../../../src/core/prompt/contextLog.ts";
import { readSentContext, type SentContextQuery } from "../../../src/core/prompt/sentContext.ts";
import type { LoggedInput } from "../../../src/core/store/inputs.ts";
import type { JournalRecord } from "../../../src/core/store/records.ts";
import type { SentEntry } from "../../../src/protocol/sentContext.ts";

const head = serializeHead({
  model: "gpt-5.4",
  instructions: "Be good.",
  tools: [{ type: "function", name: "look", description: "Looks.", parameters: {} }],
  reasoning: { effort: "low", summary: "auto" },
  cacheKey: "t",
});
const said = (role: string, text: string) => ({
  type: "message",
  role,
  content: [{ type: "input_text", text }],
});
const mine: LoggedInput = { item: said("user", "Go."), layer: "userMessage", turnId: "now" };

function recordsOf(inputs: readonly LoggedInput[]): JournalRecord[] {
  return [
    { type: "head", head, model: "gpt-5.4" },
    ...inputs.map(({ item, layer, turnId }): JournalRecord => ({ type: "input", item: { ...item }, layer, turnId })),
    { type: "request", turnId: "now", sentAtMs: 7 },
  ];
}

const read = (records: readonly JournalRecord[], query: SentContextQuery = {}) =>
  readSentContext(records, query, undefined).context;

/** An entry in a line: its file or tool, its text, and what of it cannot be read. */
function shown({ path, title, text, sealed }: SentEntry): string {
  const lock = sealed && `[${sealed.kind} ${sealed.bytes}]`;
  return [path ?? title, text, lock].filter(Boolean).join(" ");
}

/** What a request with this item, after the message that it is about, tells of it. */
function checkInput(input: LoggedInput, kind: string, entries: readonly string[], role: string | null = null) {
  const before: LoggedInput[] =
    input.item.type === "reasoning" ? [mine, input, { item: said("assistant", "Hm.") }] : [mine, input];
  const layer = read(recordsOf(before)).layers.find((each) => each.kind === kind);
  assert.deepEqual(layer?.entries.map(shown), entries);
  assert.equal(layer?.role, role);
}

test("the base instructions", () => checkInput(mine, "instructions", ["Be good."], "system"));
test("the tools", () =>
  checkInput(mine, "tools", ['look Looks.\n\n{\n  "type": "function",\n  "name": "look",\n  "parameters": {}\n}']));
test("permissions", () =>
  checkInput({ item: said("developer", "Ask."), layer: "permissions" }, "permissions", ["Ask."], "developer"));
test("AGENTS.md, a file each, and nothing of the message is missing", () =>
  checkInput(
    {
      item: said("user", "<p>\n# Instructions from /a/A.md\n\nOne.\n\n# Instructions from /b (new)\n\nTwo.\n</p>"),
      layer: "projectInstructions",
    },
    "projectInstructions",
    ["/a/A.md <p>\n# Instructions from /a/A.md\n\nOne.\n\n", "/b # Instructions from /b (new)\n\nTwo.\n</p>"],
    "user",
  ));
test("AGENTS.md without a file", () =>
  checkInput({ item: said("user", "Gone."), layer: "projectInstructions" }, "projectInstructions", ["Gone."], "user"));
test("an earlier message", () =>
  checkInput({ item: said("user", "Before."), layer: "userMessage", turnId: "then" }, "messages", ["Before."], "user"));
test("a steer belongs to the message", () =>
  checkInput({ item: said("user", "And."), layer: "userMessage", turnId: "now" }, "message", ["Go.", "And."], "user"));
test("an answer", () => checkInput({ item: said("assistant", "Well.") }, "answers", ["Well."], "assistant"));
test("half an answer, as plain text", () =>
  checkInput({ item: { type: "message", role: "assistant", content: "We" } }, "answers", ["We"], "assistant"));
test("a refusal", () =>
  checkInput(
    { item: { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] } },
    "answers",
    ["No."],
    "assistant",
  ));
test("reasoning is encrypted", () =>
  checkInput(
    { item: { type: "reasoning", summary: [{ text: "Hm." }, { text: "So." }], encrypted_content: "xyz" } as object },
    "reasoning",
    ["Hm.\nSo. [encrypted 3]"],
  ));
test("a call", () =>
  checkInput(
    { item: { type: "function_call", call_id: "c", name: "look", arguments: '{"a":1}' } as object },
    "toolCalls",
    ['look {"a":1}'],
  ));
test("a picture", () =>
  checkInput(
    {
      item: {
        type: "message",
        role: "user",
        content: [{ type: "input_image", image_url: "data:image/png;base64,AAAA" }],
      },
      layer: "userMessage",
    },
    "messages",
    ["[picture 3]"],
    "user",
  ));
test("a compaction of the server's", () =>
  checkInput({ item: { type: "compaction", encrypted_content: "four" } as object, layer: "summary" }, "summary", [
    "[encrypted 4]",
  ]));
test("later tools", () =>
  checkInput({ item: { type: "additional_tools", role: "developer", tools: [{ name: "late" }] } as object }, "tools", [
    'look Looks.\n\n{\n  "type": "function",\n  "name": "look",\n  "parameters": {}\n}',
    'late {\n  "name": "late"\n}',
  ]));
test("later tools, for a model that is told of them in words", () =>
  checkInput({ item: said("developer", "There is `late`."), layer: "tools" }, "tools", [
    'look Looks.\n\n{\n  "type": "function",\n  "name": "look",\n  "parameters": {}\n}',
    "There is `late`.",
  ]));
test("the mode", () => checkInput({ item: said("developer", "Plan."), layer: "mode" }, "mode", ["Plan."], "developer"));
test("what this version does not know", () =>
  checkInput({ item: { type: "magic" } }, "other", ['{\n  "type": "magic"\n}']));

test("an output has the name of its call", () => {
  const call = { type: "custom_tool_call", call_id: "c", name: "apply_patch", input: "*** Begin" };
  const output = { type: "custom_tool_call_output", call_id: "c", output: "Done." };
  const { layers } = read(recordsOf([mine, { item: call as object }, { item: output as object }]));
  assert.deepEqual(
    layers.slice(-3).map(({ kind, entries }) => [kind, ...entries.map(shown)]),
    [
      ["toolCalls", "apply_patch *** Begin"],
      ["toolOutputs", "apply_patch Done."],
      ["message", "Go."],
    ],
  );
});

test("after a cut the newest message is the one that it is about", () => {
  const old = { item: { ...said("user", "Old.") }, layer: "userMessage" as const };
  const kept = { item: { ...said("user", "Go.") }, layer: "userMessage" as const };
  const { layers } = read([
    { type: "head", head, model: "gpt-5.4" },
    { type: "history", inputs: [old, kept] },
    { type: "request", turnId: "now", sentAtMs: 7 },
  ]);
  assert.deepEqual(
    layers.slice(-2).map(({ kind, entries }) => [kind, ...entries.map(shown)]),
    [
      ["messages", "Old."],
      ["message", "Go."],
    ],
  );
});

const counts = {
  totalTokens: 1010,
  inputTokens: 1000,
  cachedInputTokens: 900,
  outputTokens: 10,
  reasoningOutputTokens: 0,
};
const usage = { total: counts, last: counts, modelContextWindow: 5000 };
const counted: JournalRecord = { type: "usage", turnId: "now", usage };

/** The tokens of a request, by whom, and of which window; after it came `later`. */
function checkTokens(later: readonly JournalRecord[], expected: readonly unknown[]) {
  const { tokens, tokensBy, cachedTokens, contextWindow, layers } = read([...recordsOf([mine]), ...later], {
    number: 1,
  });
  assert.deepEqual([tokens, tokensBy, cachedTokens, contextWindow], expected);
  assert.equal(
    layers.reduce((sum, layer) => sum + layer.tokens, 0),
    tokens,
  );
}

const estimated = [41, "estimate", null, 1_050_000];
test("the server's count", () => checkTokens([counted], [1000, "server", 900, 5000]));
test("no count yet", () => checkTokens([], estimated));
test("a count of the next request", () =>
  checkTokens([{ type: "request", turnId: "now", sentAtMs: 8 }, counted], estimated));
test("a count of what a compaction left", () => checkTokens([{ type: "history", inputs: [] }, counted], estimated));

test("a long text is cut, and whole when its layer is asked for", () => {
  const long = `${"x".repeat(1999)}😀${"y".repeat(3000)}`;
  const records = recordsOf([{ item: said("user", long), layer: "userMessage", turnId: "now" }]);
  const cut = read(records).layers.at(-1)?.entries[0];
  assert.deepEqual([cut?.text.length, cut?.length], [1999, 5001]);
  const { layers } = read(records, { layer: "message" });
  assert.deepEqual(
    layers.map(({ kind, entries }) => [kind, entries[0]?.text]),
    [["message", long]],
  );
});

test("of many entries some are left out, and counted", () => {
  const many = Array.from({ length: 60 }, (_, index): LoggedInput => ({ item: said("assistant", `Answer ${index}.`) }));
  const records = recordsOf([mine, ...many]);
  const answers = read(records).layers.find(({ kind }) => kind === "answers");
  assert.deepEqual([answers?.count, answers?.entries.length], [60, 40]);
  assert.equal(read(records, { layer: "answers" }).layers[0]?.entries.length, 60);
});

/** The effort that the request went with. */
function checkEffort(inputs: readonly LoggedInput[], expected: string) {
  assert.equal(read(recordsOf(inputs)).effort, expected);
}
test("the effort of the beginning", () => checkEffort([mine], "low"));
test("the effort of now", () =>
  checkEffort([mine, { item: { type: "configuration_update", reasoning: { effort: "high" } } as object }], "high"));

/** Why there is nothing to tell. */
function checkMissing(records: readonly JournalRecord[], query: SentContextQuery, why: RegExp) {
  assert.throws(() => read(records, query), why);
}
test("nothing was sent", () => checkMissing([], {}, /Nothing has been sent to the model in this thread yet/));
test("no such turn", () => checkMissing(recordsOf([mine]), { turnId: "then" }, /for this message/));
test("no such message", () => checkMissing(recordsOf([mine]), { itemId: "m" }, /for this message/));
test("no such number", () => checkMissing(recordsOf([mine]), { number: 2 }, /no request of that number/));
