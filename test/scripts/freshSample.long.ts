import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { createSample } from "../../scripts/freshSample.ts";

let root = "";
let sample = "";

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), "patchwright-sample-"));
  sample = await createSample(path.join(root, "sample"));
});
after(() => rm(root, { recursive: true, force: true }));

const git = (folder: string, ...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();

/** The names of the tests that fail, as `npm test` prints them with the Node of whoever runs it. */
function failures(folder: string): readonly string[] {
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
  const search = (env.PATH ?? "").split(path.delimiter).filter((entry) => !entry.includes("node_modules"));
  const own = { ...env, PATH: search.join(path.delimiter), npm_config_update_notifier: "false" };
  const { stdout } = spawnSync("npm", ["test"], {
    cwd: folder,
    env: own,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  assert.match(stdout, /^ℹ tests 18$/m);
  const [, summary = ""] = stdout.split("failing tests:");
  return [...summary.matchAll(/^✖ (.+) \(.*ms\)$/gm)].map(([, name]) => name ?? "");
}

async function replace(file: string, text: string, by: string): Promise<void> {
  const before = await readFile(file, "utf8");
  assert.equal(before.split(text).length, 2, `${text} is there once`);
  await writeFile(file, before.replace(text, by));
}

test("two copies have the same commits, and a clean tree", async () => {
  const other = await createSample(path.join(root, "other"));
  assert.equal(git(other, "rev-parse", "HEAD"), git(sample, "rev-parse", "HEAD"));
  assert.equal(git(sample, "rev-list", "--count", "HEAD"), "3");
  assert.equal(git(sample, "status", "--porcelain"), "");
});

test("a copy replaces what was there", async () => {
  const folder = await createSample(path.join(root, "replaced"));
  await writeFile(path.join(folder, "left-over.txt"), "old");
  await createSample(folder);
  assert.equal(git(folder, "status", "--porcelain"), "");
});

test("exactly one test fails, and mending its bug makes all pass", async () => {
  assert.deepEqual(failures(sample), ["is closed from the minute it closes"]);
  const mended = await createSample(path.join(root, "mended"));
  await replace(path.join(mended, "src/isOpen.ts"), "minute <= range.closes", "minute < range.closes");
  assert.deepEqual(failures(mended), []);
});

test("exactly one type error, in another file", () => {
  const compiler = path.join(sample, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "--noEmit"], { cwd: sample, encoding: "utf8" });
  assert.deepEqual(stdout.match(/^\S+: error TS\d+/gm), ["src/describe.ts(10,40): error TS2345"]);
});
