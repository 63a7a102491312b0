import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { findDesktopCode } from "../../scripts/desktopCode.ts";

/** Whether a `code` that prints this version is taken, in a folder of this name on the PATH. */
async function check(t: TestContext, version: string, where: string, expected: "taken" | "left"): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), "patchwright-code-"));
  t.after(() => rm(root, { recursive: true }));
  const code = path.join(root, where, "code");
  await mkdir(path.dirname(code));
  await writeFile(code, `#!/bin/sh\necho ${version}\n`);
  await chmod(code, 0o755);
  const found = findDesktopCode({ PATH: path.dirname(code), DISPLAY: ":0" });
  assert.equal(found, expected === "taken" ? code : undefined);
}

test("a recent one", (t) => check(t, "1.139.1", "bin", "taken"));
test("the oldest one", (t) => check(t, "1.101.0", "bin", "taken"));
test("one too old", (t) => check(t, "1.100.9", "bin", "left"));
test("one that does not say", (t) => check(t, "what", "bin", "left"));
test("the command of a remote window", (t) => check(t, "1.139.1", "remote-cli", "left"));
