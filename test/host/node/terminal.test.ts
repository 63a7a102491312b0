import assert from "node:assert/strict";
import { test } from "node:test";
import { terminalLaunch } from "../../../src/host/node/terminal.ts";
import { AgentError } from "../../../src/protocol/errors.ts";

const words = ["bash", "-c", "echo '$(rm -rf x)'; \"y\""] as const;

test("no word of the command is in the shell line on Linux", () => {
  const { argv, env } = terminalLaunch("linux", words, { SHELL: "/usr/bin/fish" });
  const line = argv[argv.indexOf("--command") + 1] as string;
  assert.match(line, /^[A-Za-z0-9_"$@=;:/\- ]+$/);
  assert.equal(line.includes("rm"), false);
  assert.deepEqual([env.PATCHWRIGHT_WORD_0, env.PATCHWRIGHT_WORD_1, env.PATCHWRIGHT_WORD_2], words);
  assert.deepEqual([env.SHELL, env.PATCHWRIGHT_SHELL], ["/bin/sh", "/usr/bin/fish"]);
});

test("the words follow as arguments on macOS", () => {
  const { argv } = terminalLaunch("macos", words, {});
  assert.deepEqual(argv.slice(0, 3), ["script", "-q", "/dev/null"]);
  assert.deepEqual(argv.slice(-3), words);
});

test("there are no terminals on Windows", () =>
  assert.throws(
    () => terminalLaunch("windows", words, {}),
    (error) => error instanceof AgentError && error.code === "unsupported",
  ));
