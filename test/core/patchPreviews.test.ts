import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../src/core/clock.ts";
import { call, customCall, message, type Output } from "../../src/core/model/demo/output.ts";
import type { FileUpdateChange, ThreadItem } from "../../src/protocol/items.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { cutAfter, hangAfter, hold } from "../support/modelServerReply.ts";
import { type Play, play } from "../support/play.ts";

const patch = [
  "*** Begin Patch",
  "*** Update File: a",
  "@@",
  "-1",
  "+one",
  "*** Add File: new",
  ...Array.from({ length: 40 }, (_, at) => `+line ${at}`),
  "*** End Patch",
  "",
].join("\n");

/** A clock by which so much time passes between any two things that each is shown, and nobody waits for long. */
function hurriedClock(): Clock {
  const clock = createFakeClock();
  const now = () => {
    clock.advance(500);
    return clock.now();
  };
  return { now, sleep: (ms, signal) => (ms < 10_000 ? Promise.resolve() : clock.sleep(ms, signal)) };
}

const start = (script: Parameters<typeof play>[0]["script"], answer?: Parameters<typeof play>[0]["answer"]) =>
  play({
    clock: hurriedClock(),
    host: createMemoryHost({ files: { "/workspace/a": "1\n2\n" } }),
    script,
    ...(answer ? { answer } : {}),
  });

const isEdit = ({ item }: { item: ThreadItem }) => item.type === "fileChange";
const linesOf = (changes: readonly FileUpdateChange[] = []) => changes.at(-1)?.diff.split("\n").length ?? 0;

async function check(written: Output): Promise<void> {
  const rest = Promise.withResolvers<void>();
  const played = await start([hold(30, rest.promise, written), message("Done.")]);
  const { thread } = await played.start();
  await played.client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "Do it." }] });
  const { item } = await played.told("item/started", isEdit);
  const updated = await played.told("item/fileChange/patchUpdated", ({ changes }) => changes.length === 2);
  assert.equal(updated.itemId, item.id);
  const grown = await played.told("item/fileChange/patchUpdated", ({ changes }) => linesOf(changes) > 5);
  assert.ok(linesOf(grown.changes) > linesOf(updated.changes));
  const { thread: joined } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  assert.equal(joined.turns[0]?.items.at(-1)?.id, item.id, "who joins late sees it, too");
  rest.resolve();
  const { item: ended } = await played.told("item/completed", isEdit);
  assert.equal(ended.id, item.id);
  assert.equal(ended.type === "fileChange" && ended.status, "completed");
  assert.equal(ended.type === "fileChange" && linesOf(ended.changes), 41);
  await played.told("turn/completed");
  assert.equal(startsOf(played), 1, "an item starts once");
  await played.close();
}

function startsOf({ transcript }: Play): number {
  return transcript.filter(({ message: { method, params } }) => {
    return method === "item/started" && isEdit(params as { item: ThreadItem });
  }).length;
}

test("a patch is shown while it is written, and becomes the call's own item", () =>
  check(customCall("apply_patch", patch)));
test("also as the argument of a function", () => check(call("apply_patch", { input: patch })));

test("an answer that breaks off and is tried again goes on in the same item", async () => {
  const played = await start([
    cutAfter(25, customCall("apply_patch", patch)),
    [customCall("apply_patch", patch)],
    message("Done."),
  ]);
  const { thread } = await played.start();
  const turn = await played.say(thread.id, "Do it.");
  assert.equal(turn.status, "completed");
  assert.equal(startsOf(played), 1);
  await played.close();
});

test("a patch that fits nowhere ends as the call that failed", async () => {
  const wrong = patch.replace("*** End Patch", "*** Update File: a\n@@\n-none\n+x\n*** End Patch");
  const rest = Promise.withResolvers<void>();
  const played = await start([hold(30, rest.promise, customCall("apply_patch", wrong)), message("Sorry.")]);
  const { thread } = await played.start();
  const said = played.say(thread.id, "Do it.");
  await played.told("item/started", isEdit);
  rest.resolve();
  await said;
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  const shown = read.turns[0]?.items.filter(({ type }) => type === "fileChange" || type === "dynamicToolCall") ?? [];
  assert.deepEqual(
    shown.map((item) => "status" in item && [item.type, item.status]),
    [["dynamicToolCall", "failed"]],
  );
  await played.close();
});

test("stopped while it is written, nothing is made and the item has failed", async () => {
  const played = await start([hangAfter(30, customCall("apply_patch", patch))]);
  const { thread } = await played.start();
  const { turn } = await played.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "Do it." }],
  });
  const { item } = await played.told("item/started", isEdit);
  await played.client.request("turn/interrupt", { threadId: thread.id, turnId: turn.id });
  const { item: ended } = await played.told("item/completed", (params) => params.item.id === item.id);
  assert.equal(ended.type === "fileChange" && ended.status, "failed");
  assert.deepEqual(await played.host.files.list("/workspace", { limit: 9 }, new AbortController().signal), {
    paths: ["/workspace/a"],
    more: false,
  });
  await played.close();
});
