import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { JournalRecord } from "../../src/core/store/records.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { inputOf, outputsOf, textsOf } from "../support/modelInput.ts";
import { type ModelServer, startModelServer } from "../support/modelServer.ts";
import { play } from "../support/play.ts";

const patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+1\n two\n*** End Patch\n";
const script = [
  [reasoning("Look first."), message("I look."), call("read_file", { path: "a.txt" })],
  [call("exec_command", { cmd: "npm test" })],
  [reasoning("Now the change."), customCall("apply_patch", patch)],
  [message("All done.")],
];

let journal = "";
let threadId = "";
/** Bodies of the requests of the turn that was recorded. */
let bodies: string[] = [];
let server: ModelServer;

/** One turn with three tools, to be cut in all ways below. */
before(async () => {
  const storage = new Map<string, string>();
  const played = await play({ host: workspace(storage), script });
  const { thread } = await played.start();
  threadId = thread.id;
  await played.say(threadId, "Do it.");
  await played.close();
  bodies = played.server.requests.map(({ body }) => body);
  journal = storage.get(`threads/${threadId}.jsonl`) ?? "";
  server = await startModelServer({ script: () => message("Going on.") });
});
after(() => server.close());

function workspace(storage: Map<string, string>) {
  return createMemoryHost({
    storage,
    files: { "/workspace/a.txt": "one\ntwo\n" },
    commands: [prints("npm test", "1 passed\n")],
  });
}

let copies = 0;

/** Resumes a damaged copy of the journal under another id, so that the model server compares it with no other copy. */
async function resume(damaged: string) {
  const id = `11111111-0000-7000-8000-${String(++copies).padStart(12, "0")}`;
  const host = workspace(new Map([[`threads/${id}.jsonl`, damaged.replaceAll(threadId, id)]]));
  const played = await play({ host, script: [], server });
  const { thread } = await played.client.request("thread/resume", { threadId: id });
  const index = server.requests.length;
  const turn = await played.say(id, "Go on.");
  assert.equal(turn.status, "completed", turn.error?.message);
  const { thread: read } = await played.client.request("thread/read", { threadId: id, includeTurns: true });
  await played.close();
  assert.deepEqual(host.processes.started, [], "Nothing runs twice.");
  assert.equal(host.files.snapshot()["/workspace/a.txt"], "one\ntwo\n", "Nothing is edited twice.");
  const request = server.requests[index];
  assert.ok(request);
  return { thread, read, request, body: request.body.replaceAll(id, threadId) };
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");
const recordsOf = (text: string) => linesOf(text).map((line): JournalRecord => JSON.parse(line));

/** The items that these records promise, as they were last. */
function itemsIn(records: readonly JournalRecord[]): Map<string, ThreadItem> {
  return new Map(records.flatMap((record) => (record.type === "item" ? [[record.item.id, record.item] as const] : [])));
}

/** `kept` is what can still be read of the damaged text. */
async function check(damaged: string, kept: readonly JournalRecord[]) {
  const { thread, read, request, body } = await resume(damaged);
  const items = new Map(thread.turns.flatMap((turn) => turn.items).map((item) => [item.id, item]));
  for (const [id, item] of itemsIn(kept)) assert.deepEqual(items.get(id), item, "Items that were kept are there.");
  for (const turn of read.turns) {
    assert.notEqual(turn.status, "inProgress");
    for (const item of turn.items) assert.ok(!("status" in item) || item.status !== "inProgress");
  }
  const inputs = kept.filter(({ type }) => type === "input").length;
  const continued = bodies.findLast((sent) => inputOf({ body: sent }).length <= inputs);
  if (continued) assert.ok(body.startsWith(continued.slice(0, -"]}".length)), "The old prefix goes on byte for byte.");
  const outputs = kept.filter((record) => record.type === "input" && String(record.item.type).endsWith("_output"));
  for (const output of outputsOf(request).slice(outputs.length)) assert.match(output, /^Cut off/);
  const said = textsOf(request, "user");
  assert.deepEqual(said.filter((text) => text === "Go on.").length, 1);
  if (itemsIn(kept).size > 0) assert.deepEqual(said.filter((text) => text === "Do it.").length, 1);
}

test("cut after any line, and in the middle of the next", async () => {
  const lines = linesOf(journal);
  for (let end = 1; end <= lines.length; end++) {
    const kept = lines.slice(0, end);
    const torn = lines[end]?.slice(0, Math.floor((lines[end]?.length ?? 0) / 2)) ?? "";
    if (recordsOf(kept.join("\n")).some(({ type }) => type === "settings")) {
      await check(`${kept.join("\n")}\n`, recordsOf(kept.join("\n")));
      await check(`${kept.join("\n")}\n${torn}`, recordsOf(kept.join("\n")));
    }
  }
});

test("cut, and written on after the torn line by the next process", async () => {
  const lines = linesOf(journal);
  for (let end = 2; end < lines.length; end += 3) {
    const torn = lines[end]?.slice(0, -10);
    await check(
      `${lines.slice(0, end).join("\n")}\n${torn}${lines.at(-1)}\n`,
      recordsOf(lines.slice(0, end).join("\n")),
    );
  }
});

test("any two lines glued together", async () => {
  const lines = linesOf(journal);
  for (let at = 0; at + 1 < lines.length; at += 2) {
    await check(
      [...lines.slice(0, at), lines[at]! + lines[at + 1], ...lines.slice(at + 2)].join("\n"),
      recordsOf(journal),
    );
  }
});

const garbage = [
  "\0".repeat(600),
  "not JSON",
  "{}",
  "null",
  "[1]",
  '{"type":"turnEnd"}',
  '{"type":"item","turnId":7}',
  '{"type":"item","turnId":"x","item":{"type":"unheardOf"}}',
  '{"type":"ofALaterVersion","item":{"type":"turn"}}',
];
for (const line of garbage) {
  test(`garbage between any lines: ${JSON.stringify(line).slice(0, 40)}`, () =>
    check(
      linesOf(journal)
        .flatMap((whole) => [line, whole])
        .join("\n"),
      recordsOf(journal),
    ));
}
test("NULs in front of each line", () =>
  check(
    linesOf(journal)
      .map((line) => `\0\0\0${line}`)
      .join("\n"),
    recordsOf(journal),
  ));

test("the first lines lost: the thread is still there, and asks before everything", async () => {
  const lines = linesOf(journal);
  await check(lines.slice(1).join("\n"), recordsOf(lines.slice(1).join("\n")));
});

test("any one line lost: the thread still goes on", async () => {
  const lines = linesOf(journal);
  for (let lost = 0; lost < lines.length; lost++) await resume(lines.toSpliced(lost, 1).join("\n"));
});

async function checkGone(text: string) {
  const played = await play({ host: workspace(new Map([[`threads/${threadId}.jsonl`, text]])), script: [] });
  for (const method of ["thread/resume", "thread/read"] as const)
    await assert.rejects(played.client.request(method, { threadId }), /not there any more/);
  await played.close();
}
test("an empty journal is no thread", () => checkGone(""));
test("nor is one of garbage", () => checkGone("\0\0\n{}\n"));

test("a second resume after one that was cut short adds nothing and loses nothing", async () => {
  const lines = linesOf(journal);
  const storage = new Map([[`threads/${threadId}.jsonl`, `${lines.slice(0, 12).join("\n")}\n`]]);
  for (let time = 0; time < 2; time++) {
    const played = await play({ host: workspace(storage), script: [], server });
    await played.client.request("thread/resume", { threadId });
    await played.close();
  }
  const notes = [...storage.values()].join("").split("The turn was cut off in the middle").length - 1;
  assert.equal(notes, 1);
});
