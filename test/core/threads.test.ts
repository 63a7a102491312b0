import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { call, message } from "../../src/core/model/demo/output.ts";
import { createFakeClock } from "../support/fakeClock.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { stays } from "../support/memoryProcesses.ts";
import { type Play, type PlayOptions, play } from "../support/play.ts";

const done = () => message("Done.");
const NOBODY = "99999999-0000-7000-8000-000000000000";

/** Threads with one message each, a second apart, the oldest first; their ids by that message. */
async function withThreads(messages: readonly string[], options: Partial<PlayOptions> = {}) {
  const storage = new Map<string, string>();
  const clock = createFakeClock();
  const again = (more: Partial<PlayOptions> = {}) =>
    play({ clock, host: createMemoryHost({ storage }), script: done, ...options, ...more });
  const played = await again();
  const ids = new Map<string, string>();
  for (const text of messages) {
    const { thread } = await played.start();
    ids.set(text, thread.id);
    await played.say(thread.id, text);
    clock.advance(1000);
  }
  const idOf = (text: string) => ids.get(text) ?? text;
  return { played, storage, clock, again, idOf };
}

type ListParams = Parameters<typeof listed>[1];
async function listed(
  { client }: Play,
  params: { cursor?: string | null; limit?: number; archived?: boolean; searchTerm?: string; cwd?: string[] } = {},
) {
  const { data, nextCursor } = await client.request("thread/list", params);
  for (const thread of data) assert.deepEqual(thread.turns, []);
  return { previews: data.map(({ preview }) => preview), nextCursor, data };
}

async function checkList(params: ListParams, expected: readonly string[]) {
  const { played } = await withThreads(["Fix the PARSER", "Add a test", "Why is it slow?"]);
  assert.deepEqual((await listed(played, params)).previews, expected);
  await played.close();
}
test("the newest first", () => checkList({}, ["Why is it slow?", "Add a test", "Fix the PARSER"]));
test("found by words, ignoring case", () => checkList({ searchTerm: " parser" }, ["Fix the PARSER"]));
test("nothing found", () => checkList({ searchTerm: "nowhere" }, []));
test("of these folders", () =>
  checkList({ cwd: ["/elsewhere", "/workspace"] }, ["Why is it slow?", "Add a test", "Fix the PARSER"]));
test("of another folder", () => checkList({ cwd: ["/elsewhere"] }, []));
test("none is archived yet", () => checkList({ archived: true }, []));

test("the one last worked on first, also within one second", async () => {
  const { played, clock, idOf } = await withThreads(["1", "2"]);
  clock.advance(-900);
  await played.say(idOf("1"), "Again.");
  assert.deepEqual((await listed(played)).previews, ["1", "2"]);
  await played.close();
});

test("page by page, each thread once, also when one moves to the front meanwhile", async () => {
  const { played, idOf } = await withThreads(["1", "2", "3", "4", "5"]);
  const first = await listed(played, { limit: 2 });
  assert.deepEqual(first.previews, ["5", "4"]);
  await played.say(idOf("4"), "Again.");
  const second = await listed(played, { limit: 2, cursor: first.nextCursor ?? null });
  assert.deepEqual(second.previews, ["3", "2"]);
  const third = await listed(played, { limit: 2, cursor: second.nextCursor ?? null });
  assert.deepEqual([third.previews, third.nextCursor], [["1"], null]);
  await played.close();
});
test("a cursor that is none", async () => {
  const { played } = await withThreads(["1"]);
  await assert.rejects(listed(played, { cursor: "next" }), /cursor/);
  await played.close();
});

test("a thread stands where its last turn ended", async () => {
  const { played, clock, idOf } = await withThreads(["old", "new"], {
    host: createMemoryHost({ commands: [stays("serve")] }),
    script: (request) =>
      JSON.stringify(request.input.at(-1)).includes("Serve.")
        ? call("exec_command", { cmd: "serve", yield_time_ms: 9000 })
        : done(),
  });
  const said = played.say(idOf("old"), "Serve.");
  await clock.sleeping(9000);
  const other = played.say(idOf("new"), "Meanwhile.");
  await other;
  clock.advance(9000);
  await said;
  await played.app.dispose();
  await played.server.close();
  const again = await play({ host: played.host, script: [] });
  assert.deepEqual((await listed(again)).previews, ["old", "new"]);
  await again.close();
});

test("renamed: shown, found and kept", async () => {
  const { played, again, idOf } = await withThreads(["One.", "Two."]);
  await played.client.request("thread/name/set", { threadId: idOf("One."), name: "The parser" });
  assert.equal((await played.told("thread/name/updated")).threadName, "The parser");
  await played.close();
  const next = await again();
  const { data } = await listed(next, { searchTerm: "PARSER" });
  assert.deepEqual(
    data.map(({ id, name }) => [id, name]),
    [[idOf("One."), "The parser"]],
  );
  await next.close();
});
test("renamed and archived before its first message", async () => {
  const { played, again, storage } = await withThreads([]);
  const { thread } = await played.start();
  await played.client.request("thread/name/set", { threadId: thread.id, name: "Early" });
  await played.client.request("thread/archive", { threadId: thread.id });
  assert.equal(storage.size, 0, "Nothing is kept of a thread without a message.");
  await played.say(thread.id, "Hello.");
  await played.close();
  const next = await again();
  const { data } = await listed(next, { archived: true });
  assert.deepEqual(
    data.map(({ name }) => name),
    ["Early"],
  );
  await next.close();
});

test("archived and unarchived", async () => {
  const { played, again, idOf } = await withThreads(["One.", "Two."]);
  await played.client.request("thread/archive", { threadId: idOf("One.") });
  await played.told("thread/archived");
  assert.deepEqual((await listed(played)).previews, ["Two."]);
  assert.deepEqual((await listed(played, { archived: true })).previews, ["One."]);
  await played.close();
  const next = await again();
  assert.deepEqual((await listed(next, { archived: true })).previews, ["One."]);
  await next.client.request("thread/unarchive", { threadId: idOf("One.") });
  assert.deepEqual((await listed(next)).previews, ["Two.", "One."]);
  await next.close();
});

test("deleted: gone from the list and the disk", async () => {
  const { played, storage, idOf } = await withThreads(["One.", "Two."]);
  await played.client.request("thread/delete", { threadId: idOf("One.") });
  await played.told("thread/deleted");
  assert.deepEqual((await listed(played)).previews, ["Two."]);
  assert.ok(![...storage.keys()].some((name) => name.includes(idOf("One."))));
  for (const method of ["thread/read", "thread/resume", "thread/delete"] as const)
    await assert.rejects(played.client.request(method, { threadId: idOf("One.") }), /not there any more/);
  await played.close();
});

test("deleted while a turn runs: the turn is stopped, and nothing is written after it", async () => {
  const host = createMemoryHost({ commands: [stays("serve")] });
  const clock = createFakeClock();
  const played = await play({ host, clock, script: [call("exec_command", { cmd: "serve", yield_time_ms: 9000 })] });
  const { thread } = await played.start();
  const said = played.say(thread.id, "Serve.");
  await clock.sleeping(9000);
  const deleted = played.client.request("thread/delete", { threadId: thread.id });
  const late = played.client.request("turn/start", { threadId: thread.id, input: [{ type: "text", text: "More." }] });
  await assert.rejects(late, /closed|not there/);
  await deleted;
  assert.equal((await said).status, "interrupted");
  assert.equal(host.processes.running().length, 0);
  await played.close();
  assert.ok(![...host.storage.entries.keys()].some((name) => name.startsWith("threads/")));
});

for (const method of ["thread/name/set", "thread/archive", "thread/settings/update", "thread/delete"] as const) {
  test(`${method} by another client while the thread is being deleted: nothing of it comes back`, async () => {
    const { played, storage, idOf } = await withThreads(["One.", "Two."]);
    const other = await played.join();
    const threadId = idOf("One.");
    const { remove } = played.host.storage;
    const request = () => other.request(method, { threadId, name: "Mine" } as never).then(() => "done", String);
    const outcomes: Promise<string>[] = [];
    played.host.storage.remove = async (name) => {
      await remove(name);
      if (outcomes.length === 0) outcomes.push(request());
      await setImmediate();
    };
    await played.client.request("thread/delete", { threadId });
    assert.match((await outcomes[0]) ?? "", method === "thread/delete" ? /done/ : /not there any more/);
    assert.ok(![...storage.keys()].some((name) => name.includes(threadId)));
    assert.deepEqual((await listed(played)).previews, ["Two."]);
    await played.close();
  });
}

test("read without loading it: not loaded, and what was under way is over", async () => {
  const host = createMemoryHost({ commands: [stays("serve", "up\n")] });
  const clock = createFakeClock();
  const played = await play({
    host,
    clock,
    script: [call("exec_command", { cmd: "serve", yield_time_ms: 1000 }), done()],
  });
  const { thread } = await played.start();
  const said = played.say(thread.id, "Serve.");
  await clock.sleeping(1000);
  clock.advance(1000);
  await said;
  const kept = new Map(host.storage.entries);
  await played.close();
  const next = await play({ host: createMemoryHost({ storage: kept }), script: [] });
  const before = JSON.stringify([...kept]);
  for (const method of ["thread/read", "thread/resume"] as const) {
    const { thread: read } = await next.client.request(method, { threadId: thread.id, includeTurns: true } as never);
    assert.deepEqual(read.status, { type: method === "thread/read" ? "notLoaded" : "idle" });
    const item = read.turns[0]?.items.find(({ type }) => type === "commandExecution");
    assert.ok(item?.type === "commandExecution" && item.status === "failed" && item.aggregatedOutput === "up\n");
    if (method === "thread/read") assert.equal(JSON.stringify([...kept]), before, "Reading writes nothing.");
  }
  await next.close();
});

for (const method of ["thread/read", "thread/resume", "thread/delete", "thread/archive"] as const) {
  for (const threadId of [NOBODY, "../secrets", "", "threads/x"]) {
    test(`${method} of ${JSON.stringify(threadId)}, which is not there`, async () => {
      const played = await play({ script: [] });
      await assert.rejects(played.client.request(method, { threadId }), /not there any more/);
      await played.close();
    });
  }
}

const INDEX = "threads-index.jsonl";
async function checkIndex(damage: (storage: Map<string, string>) => void) {
  const { played, again, storage } = await withThreads(["One.", "Two."]);
  await played.close();
  damage(storage);
  for (let time = 0; time < 2; time++) {
    const next = await again();
    assert.deepEqual((await listed(next)).previews, ["Two.", "One."]);
    await next.close();
  }
}
test("the index lost", () => checkIndex((storage) => storage.delete(INDEX)));
test("the index garbage", () =>
  checkIndex((storage) => storage.set(INDEX, '\0\0{}\nnull\n[]\n{"id":"x","thread":{}}\n')));
test("the index torn", () => checkIndex((storage) => storage.set(INDEX, storage.get(INDEX)?.slice(0, -20) ?? "")));
test("the index of threads whose journals are gone", () =>
  checkIndex((storage) =>
    storage.set(INDEX, (storage.get(INDEX) ?? "").replaceAll("0000-7000", "0000-7001") + storage.get(INDEX)),
  ));
test("a journal that cannot be read is not listed", () =>
  checkIndex((storage) => storage.set(`threads/${NOBODY}.jsonl`, "\0\0\0")));

test("written anew when most of it is outdated, with what was put meanwhile", async () => {
  const { played, storage, idOf } = await withThreads(["One."]);
  for (let time = 0; time < 120; time++)
    await played.client.request("thread/name/set", { threadId: idOf("One."), name: `Name ${time}` });
  const [, { data }] = await Promise.all([
    played.client.request("thread/list", {}),
    played.client.request("thread/list", {}),
    played.client.request("thread/name/set", { threadId: idOf("One."), name: "Last" }),
  ]);
  assert.equal(data.length, 1);
  assert.ok((storage.get(INDEX) ?? "").split("\n").length < 10);
  assert.equal((await listed(played)).data[0]?.name, "Last");
  await played.close();
});

test("two agents on one storage see each other's threads", async () => {
  const { played, again, idOf } = await withThreads(["One."]);
  const other = await again();
  assert.deepEqual((await listed(other)).previews, ["One."]);
  const { thread } = await other.start();
  await other.say(thread.id, "Two.");
  assert.deepEqual((await listed(played)).previews, ["Two.", "One."]);
  const { thread: read } = await played.client.request("thread/read", { threadId: thread.id, includeTurns: true });
  assert.deepEqual([read.status.type, read.turns[0]?.status], ["notLoaded", "completed"]);
  await played.client.request("thread/delete", { threadId: idOf("One.") });
  assert.deepEqual((await listed(other)).previews, ["Two."]);
  await other.close();
  await played.close();
});
