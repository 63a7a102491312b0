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
test("typographic quotes, which end a text in pwsh", () => check("pwsh", ["x", "a’; id ‘b"], "& 'x' 'a’’; id ‘‘b'"));
test("a line break for bash", () => check("bash", ["a\nb\t"], "'a'$'\\x0a''b'$'\\x09'"));
test("a line break for fish", () => check("fish", ["a\nb"], "'a'\\x0a'b'"));
test("a line break for pwsh", () => check("pwsh", ["x", "a\nb"], "& 'x' ('' + 'a' + [char]10 + 'b')"));
test("nothing but a line break for pwsh", () => check("pwsh", ["x", "\n"], "& 'x' ('' + [char]10)"));
test("a line break for a plain sh", () => check("sh", ["a\nb"], undefined));
test("an empty word", () => check("bash", ["x", ""], "'x' ''"));
test("a shell that is not known", () => check("nu", ["echo"], undefined));
test("no shell", () => check(undefined, ["echo"], undefined));
test("what no argv can hold", () => check("bash", ["echo", "a\0b"], undefined));

test("a real shell takes exactly these words", () => {
  const line = typedLine(["printf", "%s\\0", ...hostile], "bash");
  assert.doesNotMatch(line ?? "", /\p{Cc}/u);
  const { stdout } = spawnSync("bash", ["-c", line ?? ""], { encoding: "utf8" });
  assert.deepEqual(stdout.split("\0").slice(0, -1), hostile);
});
