import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, customCall, message, reasoning } from "../../src/core/model/demo/output.ts";
import type { JournalRecord } from "../../src/core/store/records.ts";
import { parseJournal } from "../../src/core/store/records.ts";
import type { Host } from "../../src/host/host.ts";
import { createApply } from "../../src/host/node/apply.ts";
import { realDisk } from "../../src/host/node/disk.ts";
import { ioError } from "../../src/host/node/errors.ts";
import { createNodeStorage } from "../../src/host/node/storage.ts";
import type { Storage } from "../../src/host/storage.ts";
import { withFolder, withNodeHost } from "../host/nodeFixture.ts";
import { createMemoryHost, type MemoryHost } from "../support/memoryHost.ts";
import { prints } from "../support/memoryProcesses.ts";
import { outputsOf, textsOf } from "../support/modelInput.ts";
import { type Script, startModelServer } from "../support/modelServer.ts";
import { type Play, play } from "../support/play.ts";

const patch = customCall("apply_patch", "*** Begin Patch\n*** Update File: a.txt\n@@\n one\n+more\n*** End Patch");
const answers = [
  [reasoning("Look first."), message("I look."), call("read_file", { path: "a.txt" })],
  call("exec_command", { cmd: "npm test" }),
  patch,
  message("Done."),
];
const script: Script = (_, request) =>
  textsOf(request, "user").some((text) => /^Go on/.test(text))
    ? message("Going on.")
    : (answers[outputsOf(request).length] ?? message("Done."));

const systemError = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

/** Storage whose writes fail as the test says; each is counted. */
function failing(storage: Storage, fails: (write: number) => string | undefined): Storage & { writes: number } {
  const broken = {
    ...storage,
    writes: 0,
    async append(name: string, text: string) {
      const code = fails(++broken.writes);
      if (!code) return storage.append(name, text);
      // A full disk takes what still fits.
      await storage.append(name, text.slice(0, text.length / 2));
      throw ioError(systemError(code), name);
    },
  };
  return broken;
}

function workspace(storage: Map<string, string>): MemoryHost {
  return createMemoryHost({
    storage,
    files: { "/workspace/a.txt": "one\ntwo\n" },
    commands: [prints("npm test", "1 passed\n")],
  });
}

/** Closes a play of which it is known that writing failed. */
async function closeFaulty(played: Play): Promise<number> {
  const faults = (played.faults as unknown[]).splice(0);
  for (const fault of faults) assert.match(String(fault), /disk is full|refuses access/, "Only the disk is to blame.");
  await played.close();
  return faults.length;
}

/** One turn while the disk fails; then, with room again, one in the same process and one in the next. */
async function checkFailing(fails: (write: number) => string | undefined) {
  const entries = new Map<string, string>();
  const memory = workspace(entries);
  let broken = true;
  const storage = failing(memory.storage, (write) => (broken ? fails(write) : undefined));
  const server = await startModelServer({ script });
  const first = await play({ host: { ...memory, storage }, server, script: [] });
  const { thread } = await first.start();
  const turn = await first.say(thread.id, "Do it.").catch(() => undefined);
  const writes = storage.writes;
  broken = false;
  assert.equal((await first.say(thread.id, "Go on.")).status, "completed");
  await closeFaulty(first);
  const host = workspace(entries);
  const second = await play({ host, server, script: [] });
  await second.client.request("thread/resume", { threadId: thread.id });
  assert.equal((await second.say(thread.id, "Go on, please.")).status, "completed");
  await second.close();
  await server.close();
  assert.ok(memory.processes.started.length <= 1, "The command runs once at most.");
  assert.deepEqual(host.processes.started, []);
  assert.ok(["one\ntwo\n", "one\nmore\ntwo\n"].includes(memory.files.snapshot()["/workspace/a.txt"] ?? ""));
  return { turn, writes };
}

for (const code of ["ENOSPC", "EROFS"]) {
  test(`a disk that fails with ${code}, from any write on or at any write alone`, async (t) => {
    const { writes } = await checkFailing(() => undefined);
    const ends: Record<string, number> = {};
    for (let at = 1; at <= writes; at++) {
      for (const fails of [(write: number) => write >= at, (write: number) => write === at]) {
        const { turn } = await checkFailing((write) => (fails(write) ? code : undefined));
        const end = turn?.status ?? "not begun";
        ends[end] = (ends[end] ?? 0) + 1;
      }
    }
    t.diagnostic(`${2 * writes} turns: ${JSON.stringify(ends)}; each thread went on at once and after a restart`);
    assert.ok(writes > 10);
  });
}

/** Says something on a disk of this machine; the answer is a sentence, and the program goes on. */
function checkReal(
  name: string,
  prepare: (place: { root: string; threadId: string }) => Promise<void>,
  expected: RegExp,
): void {
  test(name, (t) =>
    withFolder(async (folder) => {
      const root = join(folder, "store");
      const memory = createMemoryHost();
      const host: Host = { ...memory, storage: createNodeStorage(root) };
      const played = await play({ host, script: [] });
      const { thread } = await played.start();
      await prepare({ root, threadId: thread.id });
      await assert.rejects(played.say(thread.id, "Do it."), expected);
      await assert.rejects(played.say(thread.id, "Do it."), expected);
      const { data } = await played.client.request("thread/list", {});
      assert.deepEqual(data, []);
      const faults = await closeFaulty(played);
      t.diagnostic(`2 messages refused in words, 0 requests, ${faults} faults logged`);
      assert.equal(played.server.requests.length, 0);
    }),
  );
}

checkReal(
  "a disk without room for the journal",
  async ({ root, threadId }) => {
    await mkdir(join(root, "threads"), { recursive: true });
    await symlink("/dev/full", join(root, "threads", `${threadId}.jsonl`));
  },
  /disk is full.*Make room/,
);
checkReal(
  "a home that is read-only",
  ({ root }) => symlink("/sys/kernel", root),
  /refuses access to .*Check its permissions/,
);
checkReal(
  "a file in place of the home",
  ({ root }) => writeFile(root, ""),
  /There is nothing at|cannot be used|is a file/,
);

for (const [name, disk] of Object.entries({
  "an edit that the disk has no room for": { ...realDisk, sync: () => Promise.reject(systemError("ENOSPC")) },
  "an edit that fails when it is put in place": { ...realDisk, rename: () => Promise.reject(systemError("EROFS")) },
})) {
  test(name, (t) =>
    withNodeHost(async (host, folder) => {
      const file = join(folder, "a.txt");
      await writeFile(file, "one\ntwo\n");
      const files = { ...host.files, apply: createApply(disk) };
      const played = await play({ host: { ...host, files }, script: [patch, message("Then not.")] });
      const { thread } = await played.start();
      assert.equal((await played.say(thread.id, "Do it.")).status, "completed");
      const [output = ""] = outputsOf(played.server.requests[1]!);
      assert.match(output, /disk is full|refuses access/);
      assert.equal(await readFile(file, "utf8"), "one\ntwo\n");
      const left = (await readdir(folder)).filter((one) => one.startsWith(".patchwright-"));
      assert.deepEqual(left, []);
      await played.close();
      t.diagnostic("1 edit refused in words, its file as before, 0 temporary files left");
    }),
  );
}

test("a journal torn after any of its last bytes", async (t) => {
  const entries = new Map<string, string>();
  const played = await play({ host: workspace(entries), script });
  const { thread } = await played.start();
  await played.say(thread.id, "Do it.");
  await played.close();
  const journal = Buffer.from(entries.get(`threads/${thread.id}.jsonl`) ?? "");
  const all: JournalRecord[] = parseJournal(journal.toString());
  const cuts = 3000;
  for (let end = journal.length; end > journal.length - cuts; end--) {
    const text = journal.subarray(0, end).toString();
    const lines = text.split("\n").length - 1;
    const records = parseJournal(text);
    assert.deepEqual(records, all.slice(0, records.length));
    assert.ok(records.length === lines || records.length === lines + 1);
  }
  t.diagnostic(`${cuts} journals, each with all records whose lines are whole`);
});
