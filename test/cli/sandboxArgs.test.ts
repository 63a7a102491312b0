import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSandboxArgs, type SandboxArgs } from "../../src/cli/sandboxArgs.ts";
import { UsageError } from "../../src/cli/usageError.ts";

function check(line: string, expected: Partial<SandboxArgs>): void {
  const parsed = parseSandboxArgs(line.split(" "));
  assert.deepEqual({ ...parsed, ...expected }, parsed);
}

function refuse(line: string, said: RegExp): void {
  assert.throws(
    () => parseSandboxArgs(line.split(" ")),
    (error) => error instanceof UsageError && said.test(error.message),
  );
}

test("a command", () =>
  check("-- ls -la -- x", { argv: ["ls", "-la", "--", "x"], mode: undefined, network: undefined, addDirs: [] }));
test("options come before it", () =>
  check("-s read-only -C a --add-dir b --add-dir c --network on -- env --network off", {
    argv: ["env", "--network", "off"],
    mode: "read-only",
    cd: "a",
    addDirs: ["b", "c"],
    network: "on",
  }));
test("help needs no command", () => check("--help", { argv: undefined }));
test("without dashes it is not told apart from options", () => refuse("ls -la", /: patchwright sandbox -- ls/));
test("no command", () => refuse("-s read-only --", /after --/));
test("no sandbox is no mode of it", () => refuse("-s danger-full-access -- ls", /no sandbox/));
test("a mode that there is not", () => refuse("-s some -- ls", /read-only or workspace-write/));
test("a network that there is not", () => refuse("--network some -- ls", /off or on/));
