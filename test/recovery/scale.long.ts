import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import type { JournalRecord } from "../../src/core/store/records.ts";
import type { Host } from "../../src/host/host.ts";
import { createNodeStorage } from "../../src/host/node/storage.ts";
import type { Storage } from "../../src/host/storage.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { withFolder } from "../host/nodeFixture.ts";
import { createMemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { inputOf } from "../support/modelInput.ts";
import type { Script } from "../support/modelServer.ts";
import { type Play, play } from "../support/play.ts";
import { worked } from "../support/worked.ts";

/** What went through a storage. */
interface Traffic {
  reads: number;
  readBytes: number;
  lists: number;
  writtenBytes: number;
}

function counting(storage: Storage): { storage: Storage; traffic: Traffic } {
  const traffic: Traffic = { reads: 0, readBytes: 0, lists: 0, writtenBytes: 0 };
  const written = (text: string) => {
    traffic.writtenBytes += Buffer.byteLength(text);
  };
  return {
    traffic,
    storage: {
      ...storage,
      async read(name) {
        const text = await storage.read(name);
        traffic.reads++;
        traffic.readBytes += Buffer.byteLength(text ?? "");
        return text;
      },
      async list(folder) {
        traffic.lists++;
        return storage.list(folder);
      },
      async append(name, text) {
        written(text);
        await storage.append(name, text);
      },
      async write(name, text) {
        written(text);
        await storage.write(name, text);
      },
    },
  };
}

const settings = {
  model: "gpt-6.1-sol",
  modelProvider: "openai",
  effort: null,
  approvalPolicy: "on-request",
  editReview: "before",
  sandboxPolicy: { type: "readOnly", networkAccess: false },
} as const;
const idOf = (at: number) => `22222222-0000-7000-8000-${String(at).padStart(12, "0")}`;
const toLines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** A thread's journal, as short as one is. */
function shortJournal(at: number): JournalRecord[] {
  const id = idOf(at);
  const item = {
    type: "userMessage" as const,
    id: `item-${at}`,
    clientId: null,
    content: [{ type: "text", text: `Question ${at}: ${"why is it so? ".repeat(20)}` }],
    startedAtMs: at,
    completedAtMs: at,
  } satisfies ThreadItem;
  return [
    { type: "thread", version: 1, id, cwd: "/workspace", createdAt: at, source: "vscode" },
    { type: "settings", settings },
    { type: "turn", turnId: `turn-${at}`, startedAt: at },
    { type: "item", turnId: `turn-${at}`, item },
    {
      type: "turnEnd",
      turnId: `turn-${at}`,
      end: { status: "completed", error: null, completedAt: at, durationMs: 1 },
    },
  ];
}

const THREADS = 10_000;

test("10,000 threads are listed from one file", { timeout: 60_000 }, (t) =>
  withFolder(async (root) => {
    await mkdir(join(root, "threads"));
    for (let from = 0; from < THREADS; from += 500) {
      const some = Array.from({ length: 500 }, (_, at) => from + at);
      await Promise.all(
        some.map((at) => writeFile(join(root, "threads", `${idOf(at)}.jsonl`), toLines(shortJournal(at)))),
      );
    }
    const { storage, traffic } = counting(createNodeStorage(root));
    const host: Host = { ...createMemoryHost(), storage };
    const played = await play({ host, script: [] });
    const list = async (params: object) => {
      Object.assign(traffic, { reads: 0, readBytes: 0, lists: 0, writtenBytes: 0 });
      const { result, ms } = await worked(() => played.client.request("thread/list", params));
      return { data: result.data, ms, ...traffic };
    };
    const first = await list({});
    assert.equal(first.reads, THREADS + 1, "Without an index each journal is read once.");
    const page = await list({});
    assert.equal(page.data.length, 50);
    assert.equal(page.data[0]?.id, idOf(THREADS - 1));
    assert.deepEqual(
      { reads: page.reads, lists: page.lists, writtenBytes: page.writtenBytes },
      { reads: 1, lists: 1, writtenBytes: 0 },
    );
    // Each thread worked on once more: as many outdated lines as there may be before it is written anew.
    const index = join(root, "threads-index.jsonl");
    await appendFile(index, await readFile(index));
    const full = await list({});
    assert.deepEqual(full.data, page.data);
    assert.deepEqual({ reads: full.reads, writtenBytes: full.writtenBytes }, { reads: 1, writtenBytes: 0 });
    const found = await list({ searchTerm: "question 77:" });
    assert.deepEqual(
      found.data.map(({ id }) => id),
      [idOf(77)],
    );
    t.diagnostic(
      `${THREADS} threads: the first list makes the index (${first.ms} ms, ${first.reads} reads); then a list is 1 read of ${Math.round(page.readBytes / 1e6)} MB and 1 folder, ${page.ms} ms; of ${Math.round(full.readBytes / 1e6)} MB when half of it is outdated, ${full.ms} ms; a search ${found.ms} ms`,
    );
    for (const { ms } of [page, full, found]) assert.ok(ms < 5 * 300);
    await played.close();
  }),
);

const TURNS = 2000;
const script: Script = (_, request) =>
  inputOf(request).at(-1)?.type === "function_call_output" ? message("Done.") : answer();
const answer = () => [message("I look at it."), call("exec_command", { cmd: "npm test" })];
const host = (storage: Storage): Host => ({
  ...createMemoryHost({ commands: [prints("npm test", "1 passed\n")] }),
  storage,
});

/** What one more turn writes, once the thread is under way. */
async function oneMore(played: Play, threadId: string, traffic: Traffic): Promise<{ bytes: number; ms: number }> {
  assert.equal((await played.say(threadId, "Do it again.")).status, "completed");
  traffic.writtenBytes = 0;
  const { result, ms } = await worked(() => played.say(threadId, "Do it again."));
  assert.equal(result.status, "completed");
  await played.client.request("thread/list", {});
  return { bytes: traffic.writtenBytes, ms };
}

test("a thread of 2,000 turns", { timeout: 60_000 }, async (t) => {
  const entries = new Map<string, string>();
  const counted = counting(createMemoryHost({ storage: entries }).storage);
  const short = await play({ host: host(counted.storage), script });
  const { thread } = await short.start();
  await short.say(thread.id, `Do it.${" It is long.".repeat(200)}`);
  const few = await oneMore(short, thread.id, counted.traffic);
  await short.close();
  const name = `threads/${thread.id}.jsonl`;
  entries.set(name, repeated(entries.get(name) ?? "", TURNS));
  const journalBytes = Buffer.byteLength(entries.get(name) ?? "");

  const long = await play({ host: host(counted.storage), script });
  Object.assign(counted.traffic, { reads: 0, readBytes: 0 });
  const { result, ms } = await worked(() => long.client.request("thread/resume", { threadId: thread.id }));
  assert.equal(result.thread.turns.length, TURNS);
  const { reads, readBytes } = counted.traffic;
  const many = await oneMore(long, thread.id, counted.traffic);
  await long.close();
  t.diagnostic(
    `resumed from ${reads} read of ${Math.round(readBytes / 1e6)} MB in ${ms} ms; one more turn writes ${many.bytes} bytes (${many.ms} ms), as the third writes ${few.bytes} (${few.ms} ms)`,
  );
  assert.deepEqual({ reads, readBytes }, { reads: 1, readBytes: journalBytes });
  assert.ok(ms < 5 * 2000);
  assert.ok(many.bytes < 1.1 * few.bytes, "An append costs the same, however long the thread is.");
});

/** The journal with its last turn again and again, under other ids. */
function repeated(journal: string, turns: number): string {
  const lines = journal.trimEnd().split("\n");
  const starts = [...lines.keys()].filter((at) => lines[at]!.startsWith('{"type":"turn",'));
  const turn = lines.slice(starts.at(-1)).join("\n");
  const copies = Array.from({ length: turns - starts.length + 1 }, (_, at) =>
    turn.replaceAll(/"(id|turnId|call_id)":"([^"]+)"/g, (_all, key, id) => `"${key}":"${id}_${at}"`),
  );
  return `${[...lines.slice(0, starts.at(-1)), ...copies].join("\n")}\n`;
}
