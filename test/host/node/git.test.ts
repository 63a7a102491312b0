import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createGit } from "../../../src/host/node/git.ts";

const signal = new AbortController().signal;
const options = { os: "linux", env: process.env, home: os.homedir() } as const;

interface Repository {
  readonly folder: string;
  git(...args: string[]): void;
  write(name: string, text: string): void;
}

/** What git says of a repository with one committed file, after `change`. */
async function check(change: (repository: Repository) => void, expected: number | undefined, below = ".") {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "git-"));
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  const git = (...args: string[]) => execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "pipe" });
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  try {
    git("init", "--quiet");
    write("kept.txt", "one\n");
    git("add", ".");
    git("commit", "--quiet", "--message", "one");
    change({ folder, git, write });
    assert.equal(await createGit(options).changedFiles(path.join(folder, below), signal), expected);
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.startsWith("ran")),
      [],
      "A program of the repository ran.",
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test("nothing changed", () => check(() => {}, 0));
test("changed, staged, deleted and new files each count", () =>
  check(({ git, write, folder }) => {
    write("staged.txt", "");
    git("add", "staged.txt");
    write("new file\n.txt", "");
    fs.rmSync(path.join(folder, "kept.txt"));
  }, 3));
test("a moved file is one gone and one new", () => check(({ git }) => git("mv", "kept.txt", "moved.txt"), 2));
test("from a folder below", () => check(({ write }) => write("a/b/c.txt", ""), 1, "a/b"));
test("ignored files do not count", () =>
  check(({ write }) => {
    write(".gitignore", "out\n");
    write("out/a.txt", "");
  }, 1));
test("no repository", () =>
  check(({ folder }) => fs.rmSync(path.join(folder, ".git"), { recursive: true }), undefined));
test("no such folder", () => check(() => {}, undefined, "nowhere"));

/** A program that leaves a trace. */
const trace = (name: string) => `touch "$(git rev-parse --show-toplevel)/ran-${name}"; cat`;

test("no file system monitor runs", () => check(({ git }) => git("config", "core.fsmonitor", trace("monitor")), 0));
test("no filter runs, whatever its name", () =>
  check(({ git, write }) => {
    for (const name of ["plain", "a=b", "a.b"]) {
      git("config", `filter.${name}.clean`, trace("clean"));
      git("config", `filter.${name}.process`, trace("process"));
      git("config", `filter.${name}.required`, "true");
      write(`${name}.txt`, "one\n");
    }
    write(".git/info/attributes", "kept.txt filter=plain\na=b.txt filter=a=b\na.b.txt filter=a.b\n");
    write("kept.txt", "two\n");
  }, 4));
test("no hook runs, and the index stays as it is", () =>
  check(({ folder, write }) => {
    write(".git/hooks/post-index-change", `#!/bin/sh\ntouch "${folder}/ran-hook"\n`);
    fs.chmodSync(path.join(folder, ".git/hooks/post-index-change"), 0o755);
    fs.utimesSync(path.join(folder, "kept.txt"), 1, 1);
  }, 0));
test("a machine without git", async () => {
  const git = createGit({ ...options, env: { PATH: "/nowhere" } });
  assert.equal(await git.changedFiles(os.tmpdir(), signal), undefined);
});
test("an abort ends it", () =>
  assert.rejects(createGit(options).changedFiles(os.tmpdir(), AbortSignal.abort()), { code: "aborted" }));
