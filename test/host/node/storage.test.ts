import assert from "node:assert/strict";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { formatProcess, ownProcess, processNamed } from "../../../src/host/node/processName.ts";
import { createNodeStorage } from "../../../src/host/node/storage.ts";
import type { LockOwner } from "../../../src/host/node/storageLock.ts";
import { rejects } from "../expect.ts";
import { withFolder } from "../nodeFixture.ts";

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test("files and folders are the user's alone", () =>
  withFolder(async (folder) => {
    const root = join(folder, "home", ".patchwright");
    const storage = createNodeStorage(root);
    await storage.append("a/b/c.jsonl", "x");
    await storage.write("d", "x");
    const folders = [root, join(root, "a"), join(root, "a", "b")];
    assert.deepEqual(await Promise.all(folders.map(modeOf)), ["700", "700", "700"]);
    assert.deepEqual(await Promise.all(["a/b/c.jsonl", "d"].map((name) => modeOf(join(root, name)))), ["600", "600"]);
  }));

test("a replaced file is the user's alone even when it was not before", () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, "a"), "x", { mode: 0o644 });
    await createNodeStorage(folder).write("a", "y");
    assert.equal(await modeOf(join(folder, "a")), "600");
  }));

test("a failed replacement leaves nothing behind", () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, "a", "b"), { recursive: true });
    await assert.rejects(createNodeStorage(folder).write("a", "x"));
    assert.deepEqual(await readdir(folder), ["a"]);
  }));

test("unfinished writes and foreign files are not listed", () =>
  withFolder(async (folder) => {
    for (const name of [".tmp", "a b", "ok"]) await writeFile(join(folder, name), "");
    assert.deepEqual(await createNodeStorage(folder).list(""), ["ok"]);
  }));

test("a file where a folder is needed is told", () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, "a"), "");
    const storage = createNodeStorage(folder);
    await rejects("alreadyExists", () => storage.append("a/b", "x"));
    assert.equal(await storage.read("a/b"), undefined);
  }));

test("one of many that come at once gets a lock, however little patience they have", () =>
  withFolder(async (root) => {
    const storage = createNodeStorage(root, { lockPatienceMs: 20 });
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, () => storage.lock("a")));
    const taken = outcomes.filter(({ status }) => status === "fulfilled");
    assert.equal(taken.length, 1);
  }));

/** What is said of a lock that somebody has who is called so. */
async function checkOwner(owner: LockOwner | undefined, said: RegExp): Promise<void> {
  await withFolder(async (root) => {
    const held = await createNodeStorage(root, { owner }).lock("threads/a");
    await assert.rejects(createNodeStorage(root, { lockPatienceMs: 0 }).lock("threads/a"), said);
    await held.release();
  });
}

test("who has a lock is said by name, with what tells its process", () =>
  checkOwner(
    { kind: "window", name: "Code", folder: "/home/me/project" },
    /^AgentError: It is used by a window of Code with \/home\/me\/project \(process \d+, since 20\d\d-\d\d-\d\d \d\d:\d\d UTC\)\./,
  ));
test("what to remove is told of a process that only another machine knows", () =>
  withFolder(async (root) => {
    const elsewhere = formatProcess({ ...ownProcess(), machine: "0" });
    await mkdir(join(root, "locks"));
    await writeFile(join(root, "locks", `threads~a~${elsewhere}~id`), "Code");
    const lock = createNodeStorage(root, { lockPatienceMs: 0 }).lock("threads/a");
    await assert.rejects(lock, /used by Code .*\)\. If that does not run any more, remove \/.*\/locks\/threads~a~0\./);
  }));
test("and not of one that is known to run", { skip: ownProcess().start === "0" }, () =>
  checkOwner({ kind: "program", name: "patchwright exec", folder: "/a" }, /UTC\)\.$/),
);
test("a program, and one without a folder", async () => {
  await checkOwner({ kind: "program", name: "patchwright exec", folder: "/a" }, /used by patchwright exec in \/a \(/);
  await checkOwner({ kind: "window", name: "Code", folder: undefined }, /used by a window of Code \(/);
});
test("or as what it is when it did not say", () =>
  checkOwner(undefined, /used by another window or program \(process/));
test("a name with an end of line in it stays in one line", () =>
  checkOwner({ kind: "program", name: "a\n\u001b[2Jb", folder: undefined }, /used by a.*b \(process/));

test("what other processes have locked is listed with who they are, and nothing of those that have ended", () =>
  withFolder(async (root) => {
    const storage = createNodeStorage(root);
    assert.deepEqual(await storage.lockedElsewhere("threads"), new Map());
    const own = await storage.lock("threads/own");
    const other = formatProcess(processNamed(process.ppid));
    const ended = formatProcess({ ...ownProcess(), boot: "0" });
    const claims = { [`threads~a~${other}`]: "a window of Code", [`threads~b~${other}`]: "" };
    const others = { [`threads~c~${ended}`]: "Code", [`reviews~d~${other}`]: "Code", [`threads~e~f~${other}`]: "Code" };
    for (const [claim, owner] of Object.entries({ ...claims, ...others }))
      await writeFile(join(root, "locks", `${claim}~id`), owner);
    const listed = await storage.lockedElsewhere("threads");
    assert.deepEqual(Object.fromEntries(listed), { a: "a window of Code", b: "" });
    await own.release();
  }));
