import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { call, message } from "../../src/core/model/demo/output.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import type { WireMessage } from "../../src/rpc/transport.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { hold } from "../support/modelServerReply.ts";
import { type Play, play } from "../support/play.ts";

const initialize = { id: "i", method: "initialize", params: { clientInfo: { name: "raw", version: "1" } } };
const optOut = (...methods: string[]) => ({
  ...initialize,
  params: { ...initialize.params, capabilities: { optOutNotificationMethods: methods } },
});

/** The id of a new thread. */
async function startThread(client: ReturnType<typeof rawClient>): Promise<string> {
  const { result } = (await client.ask({ id: 1, method: "thread/start", params: {} })) as {
    result: { thread: { id: string } };
  };
  return result.thread.id;
}

/** A client that is the test itself, message by message. */
function rawClient({ app }: Play) {
  const [near, far] = memoryTransports();
  app.connect(far);
  const received: WireMessage[] = [];
  near.onMessage((message) => received.push(message));
  const send = (message: WireMessage) => near.send(message);
  const until = async (fits: (message: WireMessage) => boolean) => {
    for (;;) {
      const found = received.find(fits);
      if (found) return found;
      await setImmediate();
    }
  };
  const ask = async (message: WireMessage) => {
    await send(message);
    return until(({ id, method }) => id === message.id && method === undefined);
  };
  return { received, send, ask, until, close: () => near.close() };
}

/** The error that the last of these messages is answered with. */
async function check(messages: readonly WireMessage[], expected: { code: number; message: string | RegExp }) {
  const played = await play({ script: [] });
  const client = rawClient(played);
  for (const before of messages.slice(0, -1)) await client.send(before);
  const { error, jsonrpc } = (await client.ask(messages.at(-1)!)) as {
    error?: { code: number; message: string };
    jsonrpc?: string;
  };
  assert.equal(jsonrpc, undefined);
  assert.equal(error?.code, expected.code);
  if (typeof expected.message === "string") assert.equal(error?.message, expected.message);
  else assert.match(error?.message ?? "", expected.message);
  await played.close();
}

test("more requests at once than are taken: the rest is refused as overload, and later ones are answered", async () => {
  const played = await play({ script: [] });
  const client = rawClient(played);
  await client.ask(initialize);
  for (let id = 0; id < 1100; id++) void client.send({ id, method: "thread/list", params: {} });
  const { error } = (await client.ask({ id: 1100, method: "thread/list", params: {} })) as { error?: { code: number } };
  assert.equal(error?.code, -32001);
  await client.until(({ id }) => id === 0);
  const answers = () => client.received.filter(({ id }) => typeof id === "number");
  while (answers().length < 1101) await setImmediate();
  assert.equal(answers().filter((answer) => "result" in answer).length, 1000);
  assert.ok("result" in (await client.ask({ id: "later", method: "thread/list", params: {} })));
  await played.close();
});

test("before initialize", () =>
  check([{ id: 1, method: "thread/list", params: {} }], { code: -32600, message: "Not initialized" }));
test("an unknown method before initialize", () =>
  check([{ id: 1, method: "x" }], { code: -32600, message: "Not initialized" }));
test("initialize twice", () =>
  check([initialize, { ...initialize, id: 2 }], { code: -32600, message: "Already initialized" }));
test("initialize without a client", () =>
  check([{ id: 1, method: "initialize", params: {} }], { code: -32602, message: /^params\.clientInfo: / }));
test("an unknown method", () =>
  check([initialize, { id: 1, method: "thread/fly" }], { code: -32601, message: "Method not found: thread/fly" }));
test("a method of every object", () =>
  check([initialize, { id: 1, method: "toString" }], { code: -32601, message: /toString/ }));
test("a missing parameter", () =>
  check([initialize, { id: 1, method: "thread/read" }], { code: -32602, message: /^params\.threadId: / }));
test("a wrong one deep inside, by its path", () =>
  check([initialize, { id: 1, method: "turn/start", params: { threadId: "x", input: [{ type: "text", text: 7 }] } }], {
    code: -32602,
    message: /^params\.input\.0\.text: /,
  }));
test("several wrong ones", () =>
  check([initialize, { id: 1, method: "thread/list", params: { limit: 0, archived: "no" } }], {
    code: -32602,
    message: /params\.limit: .*; params\.archived: /,
  }));
test("params that are no object", () =>
  check([initialize, { id: 1, method: "thread/read", params: "x" }], { code: -32602, message: /params/ }));
test("a thread that is not there", () =>
  check([initialize, { id: 1, method: "thread/resume", params: { threadId: "x" } }], {
    code: -32600,
    message: /not there/,
  }));

test("messages that are none do not end the conversation", async () => {
  const played = await play({ script: [] });
  const client = rawClient(played);
  await client.ask(initialize);
  for (const odd of [
    {},
    { id: null, method: "thread/list" },
    { id: 3 },
    { id: 99, result: {} },
    { method: "nobody/knows" },
    { id: {}, method: "x" },
  ])
    await client.send(odd as WireMessage);
  assert.ok((await client.ask({ id: "last", method: "thread/list", params: {} })).result);
  await played.app.dispose();
  await played.server.close();
});

test("two requests with one id: both are answered, and what follows still comes", async () => {
  const played = await play({ script: [] });
  const client = rawClient(played);
  await client.ask(initialize);
  await client.send({ id: 1, method: "thread/start", params: {} });
  await client.send({ id: 1, method: "thread/start", params: {} });
  await client.until(({ method }) => method === "thread/started");
  while (client.received.filter(({ method }) => method === "thread/started").length < 2) await setImmediate();
  assert.equal(client.received.filter(({ id }) => id === 1).length, 2);
  await played.close();
});

test("a notification that the client does not want is not sent", async () => {
  const played = await play({ script: [message("Done.")] });
  const client = rawClient(played);
  await client.ask(optOut("item/started", "thread/tokenUsage/updated"));
  const threadId = await startThread(client);
  const input = [{ type: "text", text: "Go." }];
  await client.ask({ id: 2, method: "turn/start", params: { threadId, input } });
  await client.until(({ method }) => method === "turn/completed");
  const methods = new Set(client.received.map(({ method }) => method));
  assert.ok(!methods.has("item/started") && !methods.has("thread/tokenUsage/updated") && methods.has("item/completed"));
  await played.close();
});

test("a client that goes in the middle of its request harms nobody", async () => {
  const played = await play({ script: [message("Done.")] });
  const client = rawClient(played);
  await client.ask(initialize);
  const threadId = await startThread(client);
  await client.send({ id: 2, method: "turn/start", params: { threadId, input: [{ type: "text", text: "Go." }] } });
  client.close();
  await played.told("thread/status/changed", (params) => params.threadId === threadId && params.status.type === "idle");
  const { thread } = await played.client.request("thread/read", { threadId, includeTurns: true });
  assert.equal(thread.turns[0]?.status, "completed");
  await played.close();
});

test("nothing overtakes the answer", async () => {
  const played = await play({ script: [message("Done.")] });
  const client = rawClient(played);
  await client.ask(initialize);
  const threadId = await startThread(client);
  const input = [{ type: "text", text: "Go." }];
  await client.ask({ id: 2, method: "turn/start", params: { threadId, input } });
  await client.until(({ method }) => method === "turn/completed");
  const order = client.received.map(({ id, method }) => method ?? `answer ${id}`);
  assert.deepEqual(order.slice(0, 6), [
    "answer i",
    "answer 1",
    "thread/started",
    "answer 2",
    "thread/status/changed",
    "turn/started",
  ]);
  for (const told of client.received)
    assert.equal(typeof told.emittedAtMs, told.id === undefined ? "number" : "undefined");
  await played.close();
});

/** The only client that is asked answers like this; the turn then goes on without the command. */
async function checkAnswer(answer: WireMessage) {
  const host = createMemoryHost({ commands: [prints("npm test", "ok\n")] });
  const played = await play({ host, script: [call("exec_command", { cmd: "npm test" }), message("Done.")] });
  const client = rawClient(played);
  await client.ask(initialize);
  const threadId = await startThread(client);
  const input = [{ type: "text", text: "Go." }];
  await client.ask({ id: 2, method: "turn/start", params: { threadId, input } });
  const { id } = await client.until(({ method }) => method === "item/commandExecution/requestApproval");
  await client.send({ id, ...answer } as WireMessage);
  await client.until(({ method }) => method === "turn/completed");
  assert.equal(host.processes.started.length, 0);
  await played.app.dispose();
  await played.server.close();
}
test("an approval answered with an error", () => checkAnswer({ error: { code: -32601, message: "Method not found" } }));
test("an approval answered with something else", () => checkAnswer({ result: { decision: "perhaps" } }));
test("an approval answered with nothing", () => checkAnswer({ result: null }));

test("a question that is answered while another client's request waits is never put to that client", async () => {
  const host = createMemoryHost({ commands: [prints("npm test", "ok\n")] });
  const go = Promise.withResolvers<void>();
  const played = await play({
    host,
    script: [hold(3, go.promise, call("exec_command", { cmd: "npm test" })), message("Done.")],
  });
  const { thread } = await played.start();
  const other = rawClient(played);
  await other.ask(initialize);
  await other.ask({ id: 1, method: "thread/resume", params: { threadId: thread.id } });
  const said = played.say(thread.id, "Go.");
  go.resolve();
  await said;
  const asked = other.received.filter(({ method }) => method === "item/commandExecution/requestApproval");
  const resolved = other.received.filter(({ method }) => method === "serverRequest/resolved");
  assert.equal(asked.length, resolved.length);
  await played.close();
});
