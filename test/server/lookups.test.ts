import assert from "node:assert/strict";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { RequestParams } from "../../src/protocol/methods.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { stays } from "../support/memoryProcesses.ts";
import { inputOf } from "../support/modelInput.ts";
import { type Play, play } from "../support/play.ts";

/** A thread with three turns, each a question and an answer. */
async function threeTurns(): Promise<Play & { threadId: string }> {
  const played = await play({ script: ["A", "B", "C"].map((text) => [message(text)]) });
  const { thread } = await played.start();
  for (const text of ["a", "b", "c"]) await played.say(thread.id, text);
  return { ...played, threadId: thread.id };
}

type TurnsQuery = Omit<RequestParams<"thread/turns/list">, "threadId">;

/** The answers in each page's turns, page after page. */
async function check(query: TurnsQuery, expected: string[][]) {
  const { client, threadId, close } = await threeTurns();
  const pages: string[][] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.request("thread/turns/list", { ...query, threadId, cursor });
    pages.push(
      page.data.map(({ items }) => items.map((item) => (item.type === "agentMessage" ? item.text : "?")).join("")),
    );
    cursor = page.nextCursor ?? null;
  }
  assert.deepEqual(pages, expected);
  await close();
}

test("the newest turn first, with question and answer", () => check({}, [["?C", "?B", "?A"]]));
test("page by page", () => check({ limit: 2 }, [["?C", "?B"], ["?A"]]));
test("the oldest first", () => check({ limit: 2, sortDirection: "asc", itemsView: "full" }, [["?A", "?B"], ["?C"]]));
test("without their items", () => check({ itemsView: "notLoaded" }, [["", "", ""]]));

test("turned round, a list begins with the same turn again", async () => {
  const { client, threadId, close } = await threeTurns();
  const page = await client.request("thread/turns/list", { threadId, limit: 1 });
  const turned = { threadId, cursor: page.backwardsCursor, sortDirection: "asc" } as const;
  assert.deepEqual((await client.request("thread/turns/list", turned)).data, page.data);
  await close();
});

test("the items of a thread, or of one turn, in their order", async () => {
  const { client, threadId, close } = await threeTurns();
  const all = await client.request("thread/items/list", { threadId });
  const { turnId } = all.data[2]!;
  const one = await client.request("thread/items/list", { threadId, turnId });
  assert.equal(all.data.length, 6);
  assert.deepEqual(one.data, all.data.slice(2, 4));
  await close();
});

test("a cursor of another list is refused", async () => {
  const { client, threadId, close } = await threeTurns();
  for (const cursor of ["after:nothing", "nonsense"])
    await assert.rejects(client.request("thread/items/list", { threadId, cursor }), {
      code: -32600,
      message: /cursor/,
    });
  await close();
});

test("commands that were left running are listed and ended", async () => {
  const host = createMemoryHost({ commands: [stays("serve", "up\n")] });
  const clock = createFakeClock();
  const script = [[call("exec_command", { cmd: "serve", yield_time_ms: 1000 })], [message("It runs.")]];
  const played = await play({ host, clock, script });
  const { thread } = await played.start();
  const turn = played.say(thread.id, "Serve");
  await clock.sleeping(1000);
  clock.advance(1000);
  await turn;
  const { client } = played;
  const list = async () => (await client.request("thread/backgroundTerminals/list", { threadId: thread.id })).data;
  const [running] = await list();
  assert.deepEqual({ ...running, itemId: "" }, { processId: "1", itemId: "", command: "serve", cwd: "/workspace" });
  const ended = { threadId: thread.id, processId: "1" };
  assert.deepEqual(await client.request("thread/backgroundTerminals/terminate", ended), { terminated: true });
  assert.deepEqual(await client.request("thread/backgroundTerminals/terminate", ended), { terminated: false });
  assert.deepEqual(await list(), []);
  await played.close();
});

test("injected items stand between the turns", async () => {
  const played = await play({ script: [[message("A")], [message("B")]] });
  const { thread } = await played.start();
  const threadId = thread.id;
  const items = [{ type: "message", role: "user", content: [{ type: "input_text", text: "By the way." }] }];
  await assert.rejects(played.client.request("thread/inject_items", { threadId, items }), { code: -32600 });
  await played.say(threadId, "a");
  await played.client.request("thread/inject_items", { threadId, items });
  await played.say(threadId, "b");
  assert.deepEqual(inputOf(played.server.requests[1]!).at(-2), items[0]);
  await played.close();
});
