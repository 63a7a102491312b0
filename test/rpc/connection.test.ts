import assert from "node:assert/strict";
import { test } from "node:test";
import { type ConnectionHandlers, connect, RpcError, rpcErrorCodes } from "../../src/rpc/connection.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import type { Transport, WireMessage } from "../../src/rpc/transport.ts";

const silent: ConnectionHandlers = { onRequest: async () => ({}), onNotification: () => {} };

/** A connection whose other end is the test itself, message by message. */
function opposite(handlers: Partial<ConnectionHandlers>, now?: () => number) {
  const [near, far] = memoryTransports();
  const received: WireMessage[] = [];
  far.onMessage((message) => received.push(message));
  const connection = connect(near, { ...silent, ...handlers }, { now });
  return { connection, far, received };
}

/** Lets everything that is on its way arrive. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function check(handlers: Partial<ConnectionHandlers>, sent: WireMessage, expected: WireMessage[]) {
  const { far, received } = opposite(handlers);
  await far.send(sent);
  await settle();
  assert.deepEqual(received, expected);
}

test("an answer carries the id and no jsonrpc member", () =>
  check({ onRequest: async ({ params }) => ({ echo: params }) }, { id: "a", method: "m", params: [1] }, [
    { id: "a", result: { echo: [1] } },
  ]));
test("an RpcError keeps its code and data", () =>
  check(
    {
      onRequest: async () => {
        throw new RpcError(rpcErrorCodes.invalidParams, "params.x is missing", { code: "invalid" });
      },
    },
    { id: 1, method: "m" },
    [{ id: 1, error: { code: -32602, message: "params.x is missing", data: { code: "invalid" } } }],
  ));
test("any other error says nothing of its inside", () =>
  check(
    {
      onRequest: async () => {
        throw new Error("secret");
      },
    },
    { id: 1, method: "constructor" },
    [{ id: 1, error: { code: -32603, message: "Internal error" } }],
  ));

test("what waits for the answer comes after it", async () => {
  const { connection, far, received } = opposite({
    onRequest: async (request) => {
      request.afterAnswer(() => void connection.notify("later"));
      return {};
    },
  });
  await far.send({ id: 1, method: "m" });
  await settle();
  assert.deepEqual(received, [{ id: 1, result: {} }, { method: "later" }]);
});

test("the server's notifications say when they were sent", async () => {
  const { connection, received } = opposite({}, () => 42);
  await connection.notify("n", { a: 1 });
  await settle();
  assert.deepEqual(received, [{ method: "n", params: { a: 1 }, emittedAtMs: 42 }]);
});

test("both ends ask at once, with ids of their own", async () => {
  const [left, right] = memoryTransports() as [Transport, Transport];
  const one = connect(left, { ...silent, onRequest: async () => "from left" });
  const two = connect(right, { ...silent, onRequest: async () => "from right" });
  const sent = one.request("m", {});
  assert.equal(sent.id, 1);
  assert.deepEqual(await Promise.all([sent.answer, two.request("m", {}).answer]), ["from right", "from left"]);
});

test("closing rejects what is under way and tells both ends once", async () => {
  const [left, right] = memoryTransports();
  let told = 0;
  const one = connect(left, { ...silent, onClose: () => told++ });
  connect(right, { ...silent, onRequest: () => new Promise(() => {}), onClose: () => told++ });
  const { answer } = one.request("m", {});
  await settle();
  one.close();
  one.close();
  await assert.rejects(answer, /closed/);
  await assert.rejects(one.request("m", {}).answer, /closed/);
  await settle();
  assert.equal(told, 2);
});

test("what follows an answer is delivered after whoever awaits the answer has had it", async () => {
  const seen: string[] = [];
  const { connection, far } = opposite({ onNotification: (method) => seen.push(method) });
  far.onMessage(({ id }) => {
    void far.send({ id, result: {} });
    for (const method of ["one", "two"]) void far.send({ method });
  });
  const ask = async (name: string) => {
    await connection.request("m", {}).answer;
    seen.push(name);
  };
  await Promise.all([ask("first answer"), ask("second answer")]);
  await settle();
  assert.deepEqual(seen, ["first answer", "one", "two", "second answer", "one", "two"]);
});
