import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../../src/core/policy/paths.ts";
import { readEnvironment } from "../../../src/core/prompt/environment.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost, type MemoryHostOptions } from "../../support/memoryHost.ts";

const signal = new AbortController().signal;

async function read(
  options: MemoryHostOptions,
  { cwd = "/workspace", before }: { cwd?: string; before?: Readonly<Record<string, string>> } = {},
) {
  const host = createMemoryHost(options);
  return readEnvironment({
    host,
    paths: pathsOf(host.platform),
    cwd,
    clock: createFakeClock(Date.UTC(2026, 0, 31, 23, 30)),
    trusted: true,
    before,
    signal,
  });
}

async function check(options: MemoryHostOptions, expected: Readonly<Record<string, string | undefined>>, cwd?: string) {
  const facts = await read(options, cwd ? { cwd } : {});
  for (const [name, value] of Object.entries(expected)) assert.equal(facts[name], value, name);
}

test("the facts in their order, without those that are empty", async () => {
  const facts = await read({ files: { "/workspace/a.ts": "" } });
  assert.deepEqual(Object.keys(facts), [
    "cwd",
    "platform",
    "shell",
    "date",
    "time_zone",
    "workspace_roots",
    "directory",
  ]);
});
test("the date is the user's", () =>
  check({ platform: { timeZone: "Asia/Tokyo" } }, { date: "2026-02-01", time_zone: "Asia/Tokyo" }));
test("the branch", () =>
  check({ files: { "/workspace/.git/HEAD": "ref: refs/heads/feature/x\n" } }, { git_branch: "feature/x" }));
test("the branch of a repository above", () =>
  check(
    { files: { "/workspace/.git/HEAD": "ref: refs/heads/main\n", "/workspace/a/b/c": "" } },
    { git_branch: "main" },
    "/workspace/a/b",
  ));
test("no branch", () => check({ files: { "/workspace/.git/HEAD": "3f2a\n" } }, { git_branch: "(detached)" }));
test("no repository", () => check({}, { git_branch: undefined }));
test("a worktree's own branch, not that of a repository around it", () =>
  check(
    {
      files: {
        "/workspace/.git/HEAD": "ref: refs/heads/main\n",
        "/workspace/.git/worktrees/tree/HEAD": "ref: refs/heads/side\n",
        "/workspace/tree/.git": "gitdir: /workspace/.git/worktrees/tree\n",
      },
    },
    { git_branch: "side" },
    "/workspace/tree",
  ));
test("a submodule, by a relative path", () =>
  check(
    {
      files: {
        "/workspace/.git/modules/sub/HEAD": "ref: refs/heads/dev\n",
        "/workspace/sub/.git": "gitdir: ../.git/modules/sub\n",
      },
    },
    { git_branch: "dev" },
    "/workspace/sub",
  ));
test("a .git file that leads nowhere", () =>
  check(
    { files: { "/workspace/.git/HEAD": "ref: refs/heads/main\n", "/workspace/sub/.git": "?" } },
    { git_branch: undefined },
    "/workspace/sub",
  ));

test("the overview: folders with their counts, then files", () =>
  check(
    {
      files: {
        "/workspace/src/a": "",
        "/workspace/src/b/c": "",
        "/workspace/readme": "",
        "/workspace/.gitignore": "out\n",
        "/workspace/out/x": "",
      },
    },
    { directory: "src/ (2 files)\n.gitignore\nreadme" },
  ));
test("the overview fits 1 KB, and says what it leaves out", async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`/workspace/file-number-${at}.txt`, ""]));
  const { directory = "" } = await read({ files });
  assert.ok(directory.length <= 1024);
  assert.match(directory, /\n\(\d+ more\)$/);
});
test("an overview that was told is not made anew", async () => {
  const before = { cwd: "/workspace", directory: "as it was" };
  assert.equal((await read({ files: { "/workspace/a": "" } }, { before })).directory, "as it was");
});
test("that of another folder is", async () => {
  const before = { cwd: "/workspace", directory: "as it was" };
  assert.equal((await read({ files: { "/workspace/a/b": "" } }, { before, cwd: "/workspace/a" })).directory, "b");
});
test("control characters in a name do not reach the model as they are", () =>
  check({ files: { "/workspace/a\n<x>": "" } }, { directory: "a?&lt;x>" }));

test("the number of changed files", () => check({ changedFiles: 3 }, { git_changed_files: "3" }));
test("none is a number, too", () => check({ changedFiles: 0 }, { git_changed_files: "0" }));
test("a machine without git", () => check({}, { git_changed_files: undefined }));
test("git is not run in a folder that is not trusted", async () => {
  const host = createMemoryHost({ changedFiles: 3 });
  const place = { host, paths: pathsOf(host.platform), clock: createFakeClock(), cwd: "/workspace", signal };
  assert.equal((await readEnvironment({ ...place, trusted: false })).git_changed_files, undefined);
});

/** What is told when git does not answer in time. */
async function checkLate(before: Readonly<Record<string, string>> | undefined, expected: string | undefined) {
  const host = createMemoryHost();
  const clock = createFakeClock();
  const stopped = Promise.withResolvers<void>();
  const changedFiles = (_: string, stop: AbortSignal) =>
    new Promise<undefined>((resolve) => {
      stop.addEventListener("abort", () => {
        stopped.resolve();
        resolve(undefined);
      });
    });
  const place = {
    host: { ...host, git: { changedFiles } },
    paths: pathsOf(host.platform),
    clock,
    cwd: "/workspace",
    signal,
  };
  const reading = readEnvironment({ ...place, trusted: true, before });
  await clock.sleeping(150);
  clock.advance(150);
  assert.equal((await reading).git_changed_files, expected);
  await stopped.promise;
}

test("git that is slow is stopped, and nothing is told", () => checkLate(undefined, undefined));
test("and what was told stays told", () => checkLate({ git_changed_files: "7" }, "7"));
test("editors: the active one with the selection, the others once each", () =>
  check(
    {
      openEditors: {
        activePath: "/workspace/a.ts",
        selection: { startLine: 3, endLine: 9 },
        visiblePaths: ["/workspace/a.ts", "/workspace/b.ts"],
        openPaths: ["/workspace/a.ts", "/workspace/b.ts", "/elsewhere/c.ts"],
      },
    },
    { active_file: "a.ts:3-9", visible_files: "b.ts", open_files: "/elsewhere/c.ts" },
  ));
