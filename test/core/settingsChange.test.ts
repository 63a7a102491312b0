import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { RequestParams } from "../../src/protocol/methods.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { inputOf, outputsOf, textOf } from "../support/modelInput.ts";
import { type Play, play } from "../support/play.ts";

const done = message("Done.");
type Change = Omit<RequestParams<"thread/settings/update">, "threadId">;

async function playing(model: string, use: (played: Play, threadId: string) => Promise<void>): Promise<void> {
  const files = { "/workspace/a/x.txt": "inner", "/workspace/x.txt": "outer", "/elsewhere/y.txt": "" };
  const played = await play({ host: createMemoryHost({ files }), settings: { model }, script: () => done });
  const { thread } = await played.start();
  await use(played, thread.id);
  await played.close();
}

/** What stands between the first message and the second when the settings changed in between, and what the user was warned of. */
function check(model: string, changes: readonly Change[], expected: readonly RegExp[], warning?: RegExp) {
  return playing(model, async (played, threadId) => {
    await played.say(threadId, "One.");
    for (const change of changes) await played.client.request("thread/settings/update", { threadId, ...change });
    await played.say(threadId, "Two.");
    const [first, second] = played.server.requests.map(inputOf);
    const added = second!.slice(first!.length + 1).map((item) => textOf(item) ?? JSON.stringify(item));
    assert.equal(added.length, expected.length, added.join("\n"));
    for (const [at, pattern] of expected.entries()) assert.match(added[at] ?? "", pattern);
    const warnings = played.transcript.filter((line) => line.message.method === "warning");
    assert.equal(warnings.length, warning ? 1 : 0);
    if (warning) assert.match(JSON.stringify(warnings), warning);
  });
}

const high = /^\{"type":"configuration_update","reasoning":\{"effort":"high"\}\}$/;

test("a new effort is an item where the model takes it", () =>
  check("gpt-6.1-sol", [{ effort: "high" }], [/^Two\.$/, high]));
test("the last one chosen counts", () =>
  check("gpt-6.1-sol", [{ effort: "low" }, { effort: "high" }], [/^Two\.$/, high]));
test("there and back is no change", () =>
  check("gpt-6.1-sol", [{ effort: "high" }, { effort: "medium" }], [/^Two\.$/]));
test("elsewhere the thread goes on with the old one, and says so", () =>
  check("gpt-5.4", [{ effort: "high" }], [/^Two\.$/], /goes on with the effort it began with, medium/));
test("a model without effort has nothing to say", () => check("gpt-4.1", [{ effort: "high" }], [/^Two\.$/]));
test("a new folder", () =>
  check(
    "gpt-6.1-sol",
    [{ cwd: "/workspace/a" }],
    [
      /^<environment_context>\n {2}<cwd>\/workspace\/a<\/cwd>\n {2}<directory>x\.txt<\/directory>\n<\/environment_context>$/,
      /^Two\.$/,
    ],
  ));
test("a folder that is not open is not trusted", () =>
  check("gpt-6.1-sol", [{ cwd: "/elsewhere" }], [/Restricted Mode/, /^<mode>\nLook/, /<cwd>\/elsewhere</, /^Two\.$/]));

/** A folder that is refused, with the words of the refusal. */
function refuses(cwd: string, expected: RegExp) {
  test(`refuses ${cwd || "no path"}`, () =>
    playing("gpt-6.1-sol", async ({ client }, threadId) => {
      await assert.rejects(client.request("thread/settings/update", { threadId, cwd, effort: "high" }), expected);
      const { thread, reasoningEffort } = await client.request("thread/resume", { threadId });
      assert.deepEqual([thread.cwd, reasoningEffort], ["/workspace", null]);
    }));
}
refuses("/nowhere", /\/nowhere is not a folder/);
refuses("a", /a is not a folder to work in\. Give the absolute path/);
refuses("/workspace/x.txt", /is not a folder/);

for (const method of ["thread/resume", "thread/fork"] as const) {
  test(`${method} takes another folder`, async () => {
    const played = await play({ host: createMemoryHost({ files: { "/workspace/a/x.txt": "" } }), script: () => done });
    const { thread } = await played.start();
    await played.say(thread.id, "One.");
    const opened = await played.client.request(method, { threadId: thread.id, cwd: "/workspace/a" });
    assert.deepEqual([opened.cwd, opened.thread.cwd], ["/workspace/a", "/workspace/a"]);
    await assert.rejects(played.client.request(method, { threadId: thread.id, cwd: "/nowhere" }), /is not a folder/);
    const { data } = await played.client.request("thread/list", {});
    assert.equal(data.length, method === "thread/fork" ? 2 : 1, "A refused copy is not there.");
    await played.close();
  });
}

test("turn/start takes what holds from now on, and it lasts over a restart", async () => {
  const storage = new Map<string, string>();
  const files = { "/workspace/a/x.txt": "inner", "/workspace/x.txt": "outer" };
  const first = await play({
    host: createMemoryHost({ storage, files }),
    script: [call("read_file", { path: "x.txt" }), done, done],
  });
  const { thread } = await first.start();
  const started = await first.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "One." }],
    cwd: "/workspace/a",
    effort: "low",
    model: "gpt-5.4",
    approvalPolicy: "never",
    sandboxPolicy: { type: "readOnly" },
  });
  await first.told("turn/completed", ({ turn }) => turn.id === started.turn.id);
  const [request, next] = first.server.requests;
  const { model, reasoning } = JSON.parse(request!.body);
  assert.deepEqual([model, reasoning.effort], ["gpt-5.4", "low"]);
  assert.match(request!.body, /<cwd>\/workspace\/a<\/cwd>/);
  assert.match(request!.body, /Nobody is asked/);
  assert.deepEqual(outputsOf(next!), ["1\tinner"]);
  await first.app.dispose();

  const second = await play({ host: createMemoryHost({ storage, files }), script: [], server: first.server });
  const opened = await second.client.request("thread/resume", { threadId: thread.id });
  assert.deepEqual(
    [opened.cwd, opened.thread.cwd, opened.model, opened.reasoningEffort, opened.approvalPolicy],
    ["/workspace/a", "/workspace/a", "gpt-5.4", "low", "never"],
  );
  await second.say(thread.id, "Two.");
  const input = inputOf(first.server.requests.at(-1)!);
  assert.deepEqual(
    input.slice(-2).map(({ role }) => role),
    ["assistant", "user"],
  );
  await second.close();
  await first.server.close();
});

test("no other folder while a turn works in the old one", async () => {
  const host = createMemoryHost({ files: { "/workspace/a/x.txt": "" } });
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const played = await play({
    host,
    script: async () => {
      asked.resolve();
      await go.promise;
      return done;
    },
  });
  const { thread } = await played.start();
  const ended = played.say(thread.id, "One.");
  await asked.promise;
  const change = played.client.request("thread/settings/update", { threadId: thread.id, cwd: "/workspace/a" });
  await assert.rejects(change, /once the turn has ended/);
  go.resolve();
  await ended;
  await played.close();
});

test("what changes in the middle of a turn is told before its next request", async () => {
  const settings = { developerInstructions: "Use tabs." };
  const host = createMemoryHost({ files: { "/workspace/x.txt": "" } });
  let asked = 0;
  let threadId = "";
  const played: Play = await play({
    host,
    settings,
    script: async () => {
      asked++;
      if (asked > 1) return done;
      settings.developerInstructions = "Use spaces.";
      await played.client.request("thread/settings/update", { threadId, approvalPolicy: "never", effort: "high" });
      return call("read_file", { path: "x.txt" });
    },
  });
  threadId = (await played.start()).thread.id;
  await played.say(threadId, "One.");
  const input = inputOf(played.server.requests[1]!).slice(-5);
  assert.deepEqual(
    input.map((item) => textOf(item)?.slice(0, 13) ?? item.type),
    ["function_call_output", "<permissions>", "Use spaces.", "<mode>\nLook, ", "configuration_update"],
  );
  await played.close();
});
