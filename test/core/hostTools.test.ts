import assert from "node:assert/strict";
import { test } from "node:test";
import { call, type customCall, message } from "../../src/core/model/demo/output.ts";
import type { HostTool } from "../../src/host/tools.ts";
import { AgentError } from "../../src/protocol/errors.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { inputOf, outputsOf, textOf } from "../support/modelInput.ts";
import { type Play, play } from "../support/play.ts";

const done = message("Done.");

function tool(name: string, changes: Partial<HostTool> = {}): HostTool {
  const parameters = { type: "object", properties: { query: { type: "string" } } };
  return {
    name,
    description: `Does ${name}.`,
    parameters,
    run: async (args) => `${name} ${JSON.stringify(args)}`,
    ...changes,
  };
}

const docs = tool("mcp__docs__search");

interface Scene {
  readonly model?: string;
  /** What is there at the first request. */
  readonly first?: readonly HostTool[];
  /** Done between the first message and the second. */
  readonly change: (host: MemoryHost) => void;
  /** The model's answers to the second message. */
  readonly script?: Parameters<typeof play>[0]["script"];
}

async function second(
  { model = "gpt-6.1-sol", first = [], change, script = [] }: Scene,
  look: (played: Play) => unknown,
): Promise<void> {
  const host = createMemoryHost();
  host.setTools(first);
  const answers = Array.isArray(script) ? script : [];
  const played = await play({ host, settings: { model }, script: [done, ...answers, done] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  change(host);
  await played.say(thread.id, "Two.");
  await look(played);
  await played.close();
}

/** What the second message of a thread brings before it, item by item. */
function check(scene: Scene, expected: readonly RegExp[]): Promise<void> {
  return second(scene, ({ server }) => {
    const [first, then] = server.requests.map(inputOf);
    const added = then!
      .slice(first!.length + 1, -1)
      .map((item) => (textOf(item) ? `${item.role}: ${textOf(item)}` : JSON.stringify(item)));
    assert.equal(added.length, expected.length, added.join("\n"));
    for (const [at, pattern] of expected.entries()) assert.match(added[at] ?? "", pattern);
  });
}

test("a tool that comes is an item where the model takes it", () =>
  check({ change: (host) => host.setTools([docs]) }, [
    /^\{"type":"additional_tools","role":"developer","tools":\[\{"type":"function","name":"mcp__docs__search"/,
  ]));
test("several come sorted", () =>
  check({ change: (host) => host.setTools([tool("b"), tool("a")]) }, [/"name":"a".*"name":"b"/]));
test("elsewhere it is described, with its schema and the way to it", () =>
  check({ model: "gpt-5.4", change: (host) => host.setTools([docs]) }, [
    /^developer: <tools>\nNew, to be called through call_tool: mcp__docs__search\. Does mcp__docs__search\.\n.*"query"/,
  ]));
test("one that goes is named", () =>
  check({ first: [docs], change: (host) => host.setTools([]) }, [
    /^developer: <tools>\nNo longer available: mcp__docs__search\n/,
  ]));
test("one that changes is described anew", () =>
  check({ first: [docs], change: (host) => host.setTools([tool(docs.name, { description: "Better." })]) }, [
    /^developer: <tools>\nChanged: mcp__docs__search\. Better\./,
  ]));
test("the same in another order is the same", () =>
  check({ first: [tool("a"), tool("b")], change: (host) => host.setTools([tool("b"), tool("a")]) }, []));

/** The names of the tools in the head. */
async function checkHead(model: string, listed: readonly HostTool[], last: readonly string[]) {
  const host = createMemoryHost();
  host.setTools(listed);
  const played = await play({ host, settings: { model }, script: [done] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  const names = JSON.parse(played.server.requests[0]!.body).tools.map((one: { name: string }) => one.name);
  assert.deepEqual(names.slice(0, 2), ["exec_command", "write_stdin"]);
  assert.deepEqual(names.slice(9), last);
  await played.close();
}

test("those that are there at first stand in the head, sorted, after the agent's own", () =>
  checkHead("gpt-6.1-sol", [tool("b"), tool("a")], ["a", "b"]));
test("and after the way to those that come later", () =>
  checkHead("gpt-5.4", [tool("b"), tool("a")], ["call_tool", "a", "b"]));
test("names that are taken, twice there or no names are left out", () =>
  checkHead("gpt-6.1-sol", [tool("read_file"), tool("call_tool"), tool("a b"), tool("a"), tool("a"), tool("")], ["a"]));

test("of which the user hears once", async () => {
  const host = createMemoryHost();
  host.setTools([tool("read_file")]);
  const played = await play({ host, script: [done, done] });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  const { message: said } = await played.told("warning");
  assert.match(said, /^The tool read_file is left out/);
  await played.say(thread.id, "Two.");
  const warnings = played.transcript.filter((line) => line.message.method === "warning");
  assert.equal(warnings.length, 1);
  await played.close();
});

/** The output of a call made while these tools are there. */
function checkCall(
  made: ReturnType<typeof call> | ReturnType<typeof customCall>,
  expected: RegExp,
  scene: Partial<Scene> = {},
): Promise<void> {
  return second({ change: (host) => host.setTools([docs]), script: [made], ...scene }, ({ server }) => {
    const [output] = outputsOf(server.requests.at(-1)!);
    assert.match(output ?? "", expected);
  });
}

test("a tool is called, with its arguments", () =>
  checkCall(call(docs.name, { query: "x" }), /^mcp__docs__search \{"query":"x"\}$/));
test("through call_tool, too", () =>
  checkCall(call("call_tool", { name: docs.name, arguments: { query: "x" } }), /^mcp__docs__search \{"query":"x"\}$/, {
    model: "gpt-5.4",
  }));
test("through call_tool without arguments", () =>
  checkCall(call("call_tool", { name: docs.name }), /^mcp__docs__search \{\}$/, { model: "gpt-5.4" }));
test("call_tool does not reach the agent's own", () =>
  checkCall(call("call_tool", { name: "read_file", arguments: { path: "x" } }), /^There is no tool named read_file/));
test("arguments that are no object", () =>
  checkCall(call(docs.name, [] as never), /^The arguments of mcp__docs__search do not fit/));
test("one that went away says so", () =>
  checkCall(call(docs.name, {}), /^The tool mcp__docs__search has gone away/, {
    first: [docs],
    change: (host) => host.setTools([]),
  }));
test("one that never was is told apart from it", () =>
  checkCall(call("other", {}), /^There is no tool named other\. .*mcp__docs__search/));
test("a failure is the output", () =>
  checkCall(call(docs.name, {}), /^No such page\.$/, {
    change: (host) =>
      host.setTools([tool(docs.name, { run: () => Promise.reject(new AgentError("notFound", "No such page.")) })]),
  }));
test("a long output is cut", () =>
  checkCall(call(docs.name, {}), /tokens truncated/, {
    change: (host) => host.setTools([tool(docs.name, { run: async () => "word ".repeat(50_000) })]),
  }));

test("a tool that does not hear that it is stopped does not keep the turn", async () => {
  const host = createMemoryHost();
  const called = Promise.withResolvers<void>();
  const run = () => {
    called.resolve();
    return new Promise<string>(() => {});
  };
  host.setTools([tool(docs.name, { run })]);
  const clock = createFakeClock();
  const played = await play({ host, clock, script: [call(docs.name, {})] });
  const { thread } = await played.start();
  const input = [{ type: "text" as const, text: "One." }];
  const { turn } = await played.client.request("turn/start", { threadId: thread.id, input });
  await called.promise;
  const stopped = played.client.request("turn/interrupt", { threadId: thread.id, turnId: turn.id });
  await clock.sleeping(3000);
  clock.advance(3000);
  await stopped;
  const ended = await played.told("turn/completed");
  assert.equal(ended.turn.status, "interrupted");
  await played.close();
});

test("a tool that comes in the middle of a turn is there for its next request", async () => {
  const host = createMemoryHost({ files: { "/workspace/a.txt": "one" } });
  let asked = 0;
  const played = await play({
    host,
    script: () => {
      asked++;
      if (asked === 1) host.setTools([docs]);
      if (asked === 1) return call("read_file", { path: "a.txt" });
      return asked === 2 ? call(docs.name, { query: "x" }) : done;
    },
  });
  const { thread } = await played.start();
  await played.say(thread.id, "One.");
  const types = inputOf(played.server.requests[1]!).map(({ type }) => type);
  assert.deepEqual(types.slice(-3), ["function_call", "function_call_output", "additional_tools"]);
  assert.equal(outputsOf(played.server.requests[2]!).at(-1), 'mcp__docs__search {"query":"x"}');
  await played.close();
});

test("what was told is known after a restart, and another model has all in its head", async () => {
  const storage = new Map<string, string>();
  const host = createMemoryHost({ storage });
  const first = await play({ host, script: () => done });
  const { thread } = await first.start();
  await first.say(thread.id, "One.");
  host.setTools([tool("a"), tool("b")]);
  await first.say(thread.id, "Two.");
  await first.app.dispose();

  const later = createMemoryHost({ storage });
  later.setTools([tool("b"), tool("c")]);
  const second = await play({ host: later, script: [], server: first.server });
  await second.client.request("thread/resume", { threadId: thread.id });
  first.server.expectCut(thread.id);
  await second.client.request("thread/settings/update", { threadId: thread.id, model: "gpt-5.4" });
  await second.say(thread.id, "Three.");
  const { body } = first.server.requests[2]!;
  const names = JSON.parse(body).tools.map((one: { name: string }) => one.name);
  assert.deepEqual(names.slice(9), ["call_tool", "b", "c"]);
  assert.ok(!body.includes("additional_tools"));
  assert.match(body, /No longer available: a\\n/);
  await second.close();
  await first.server.close();
});
