import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { Secrets } from "../../src/core/policy/secrets.ts";
import { traced, traceFile } from "../../src/extension/wireTrace.ts";
import { memoryTransports } from "../../src/rpc/memory.ts";
import { createMemoryStorage } from "../support/memoryStorage.ts";

test("both directions, one line each, in order", async () => {
  const [client, server] = memoryTransports();
  const lines: string[] = [];
  const seen = traced(server, (line) => lines.push(line), new Secrets());
  const heard = new Promise((resolve) => client.onMessage(resolve));
  seen.onMessage((message) => void seen.send({ id: message.id, result: {} }));
  await client.send({ id: 1, method: "thread/list", params: {} });
  await heard;
  assert.deepEqual(lines, [
    '{"from":"client","message":{"id":1,"method":"thread/list","params":{}}}\n',
    '{"from":"server","message":{"id":1,"result":{}}}\n',
  ]);
});

test("a key that a client sends is left out", async () => {
  const key = "sk-proj-A1b2C3d4E5f6";
  for (const params of [{ type: "apiKey", apiKey: key }, { apikey: key }, key]) {
    const [client, server] = memoryTransports();
    const lines: string[] = [];
    const heard = new Promise((resolve) =>
      traced(server, (line) => lines.push(line), new Secrets()).onMessage(resolve),
    );
    await client.send({ id: 1, method: "account/login/start", params });
    await heard;
    assert.deepEqual(lines, [
      '{"from":"client","message":{"id":1,"method":"account/login/start","params":"[redacted]"}}\n',
    ]);
  }
});

test("lines go to one file, in order", async () => {
  const entries = new Map<string, string>();
  const storage = createMemoryStorage(entries, () => {});
  const write = traceFile(storage, new Date("2026-01-02T03:04:05.678Z"), (error) => assert.ifError(error));
  write("a\n");
  write("b\n");
  await settled();
  assert.deepEqual([...entries], [["log/wire-2026-01-02T03-04-05-678Z.jsonl", "a\nb\n"]]);
});
