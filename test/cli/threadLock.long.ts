import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { message } from "../../src/core/model/demo/output.ts";
import type { ServerNotification } from "../../src/protocol/methods.ts";
import { connectClient } from "../../src/rpc/client.ts";
import { linesTransport } from "../../src/rpc/lines.ts";
import { textsOf } from "../support/modelInput.ts";
import { type Child, makePlace } from "./terminal.ts";

/** A program that has a thread open in which one turn was played; resolves with the thread's id. */
async function openThread(child: Child): Promise<string> {
  const told = new EventEmitter();
  const write = async (text: string) => void child.stdin.write(text);
  const client = connectClient(linesTransport({ input: child.stdout, write }), {
    onNotification: ({ method, params }: ServerNotification) => told.emit(method, params),
    onServerRequest: () => Promise.resolve({ decision: "decline" }),
  });
  await client.request("initialize", { clientInfo: { name: "test", title: null, version: "0" }, capabilities: null });
  await client.notify("initialized");
  const { thread } = await client.request("thread/start", {});
  const ended = once(told, "turn/completed");
  await client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "Hello." }] });
  await ended;
  return thread.id;
}

test("a thread that a program has open is not gone on with by another, and is at once when that one was killed", async (t) => {
  const place = await makePlace(t, { config: 'model = "gpt-5.4"\n', script: () => [message("Hi.")] });
  const first = await place.start(["app-server"], { stdin: "open" });
  const threadId = await openThread(first);
  const refused = await place.run(["exec", "resume", threadId, "Go on."]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /open in another window or program.*fork it/);
  assert.match(
    refused.stderr,
    /used by patchwright app-server in \/.* \(process \d+, since \d{4}-\d\d-\d\d \d\d:\d\d UTC\)/,
  );
  assert.match(refused.stderr, new RegExp(`exec resume --fork ${threadId}" goes on with a copy`));
  assert.match((await place.run(["threads"])).stdout, new RegExp(threadId));
  assert.equal(place.server.requests.length, 1);
  const forked = await place.run(["exec", "--json", "resume", "--fork", threadId, "Go on."]);
  assert.equal(forked.code, 0, forked.stderr);
  assert.notEqual(JSON.parse(forked.stdout.split("\n")[0] ?? "").thread_id, threadId);
  const said = place.server.requests.at(-1);
  assert.ok(said && ["Hello.", "Go on."].every((text) => textsOf(said, "user").includes(text)));
  first.kill("SIGKILL");
  await once(first, "close");
  const resumed = await place.run(["exec", "resume", threadId, "Go on."]);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.deepEqual(await readdir(path.join(place.home, "locks")), []);
});
