import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { typedLine } from "../../src/host/vscode/shellQuote.ts";

const hostile = ["echo", "it's", '"$HOME"', "`id`", "!!", "a\\b", "two\nlines", ";rm -rf x", ""];

function check(shell: string | undefined, argv: readonly string[], expected: string | undefined): void {
  assert.equal(typedLine(argv, shell), expected);
}

test("bash", () => check("bash", ["echo", "it's $HOME"], "'echo' 'it'\\''s $HOME'"));
test("fish", () => check("fish", ["echo", "it's \\ $HOME"], "'echo' 'it\\'s \\\\ $HOME'"));
test("pwsh", () => check("pwsh", ["echo", "it's $HOME"], "& 'echo' 'it''s $HOME'"));
test("a shell that is not known", () => check("nu", ["echo"], undefined));
test("no shell", () => check(undefined, ["echo"], undefined));
test("what no argv can hold", () => check("bash", ["echo", "a\0b"], undefined));

test("a real shell takes exactly these words", () => {
  const line = typedLine(["printf", "%s\\0", ...hostile], "bash");
  const { stdout } = spawnSync("bash", ["-c", line ?? ""], { encoding: "utf8" });
  assert.deepEqual(stdout.split("\0").slice(0, -1), hostile);
});
