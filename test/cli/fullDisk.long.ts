import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { type TestContext, test } from "node:test";
import { call, customCall, message } from "../../src/core/model/demo/output.ts";
import { type Child, ended, makePlace, program } from "./terminal.ts";

const before = "one\ntwo\n";
const after = "one\nmore\ntwo\n";
const patch = customCall("apply_patch", "*** Begin Patch\n*** Update File: a.txt\n@@\n one\n+more\n*** End Patch");
/** What fills the journal: a call that reads a large file, then an edit. */
const script = [[call("read_file", { path: "large.txt" })], [patch], [message("Done.")]];

/** What bubblewrap puts in place of the home. */
type Home = { readonly kind: "small"; readonly bytes: number } | { readonly kind: "readOnly" };
const optionsOf = (home: Home, folder: string) =>
  home.kind === "small" ? ["--size", `${home.bytes}`, "--tmpfs", folder] : ["--ro-bind", folder, folder];

/** Runs a turn whose home is a real file system like that. It ends in words, its files are whole, and what it says is so. */
async function runIn(t: TestContext, home: Home): Promise<{ code: number | null; stderr: string; edited: boolean }> {
  const place = await makePlace(t, { script: (_, { index }) => script[index] ?? message("Done.") });
  await writeFile(path.join(place.cwd, "a.txt"), before);
  await writeFile(path.join(place.cwd, "large.txt"), `${"x".repeat(99)}\n`.repeat(300));
  const full = ["-c", 'sandbox_mode="danger-full-access"', "-c", 'approval_policy="never"'];
  const args = ["--dev-bind", "/", "/", ...optionsOf(home, place.home), "--", process.execPath, await program];
  const { apiKey, baseUrl } = place.server;
  const env = { PATH: process.env.PATH, HOME: place.home, PATCHWRIGHT_HOME: place.home };
  const child = spawn("bwrap", [...args, "exec", ...full, "x"], {
    cwd: place.cwd,
    env: { ...env, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl },
    stdio: "pipe",
  });
  child.stdin.end();
  const { code, stdout, stderr } = await ended(child as Child);
  assert.doesNotMatch(stderr, /^Node\.js v|Unhandled|Error: (?!The disk is full|The operating system)/m);
  const file = await readFile(path.join(place.cwd, "a.txt"), "utf8");
  assert.ok(file === before || file === after, file);
  assert.ok(!stdout.includes("Done.") || file === after, "It says that it is done, and it is not.");
  const left = (await readdir(place.cwd)).filter((name) => name.startsWith(".patchwright-"));
  assert.deepEqual(left, []);
  return { code, stderr, edited: file === after };
}

test("a home with less and less room", { timeout: 120_000 }, async (t) => {
  const ends: string[] = [];
  for (const kilobytes of [4, 16, 32, 48, 64, 96, 128, 4096]) {
    const { code, stderr, edited } = await runIn(t, { kind: "small", bytes: kilobytes * 1024 });
    if (code !== 0) assert.match(stderr, /disk is full/);
    ends.push(`${kilobytes} kB: exit code ${code}, ${edited ? "edited" : "as before"}`);
  }
  assert.match(ends[0] as string, /exit code 1/);
  assert.match(ends.at(-1) as string, /exit code 0, edited/);
  t.diagnostic(ends.join("; "));
});

test("a home that is read-only", async (t) => {
  const { code, stderr, edited } = await runIn(t, { kind: "readOnly" });
  assert.deepEqual({ code, edited }, { code: 1, edited: false });
  assert.match(stderr, /refuses access to .*EROFS/);
  t.diagnostic(stderr.trim().split("\n").at(-1) ?? "");
});
