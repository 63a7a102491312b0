import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { terminalFilter } from "../../src/host/vscode/terminalFilter.ts";

function shown(chunks: readonly string[]): string {
  const filter = terminalFilter();
  return chunks.map((chunk) => filter.pass(chunk)).join("") + filter.rest();
}

/** Whole, and one character at a time. */
function check(output: string, expected: string): void {
  assert.equal(shown([output]), expected);
  assert.equal(shown([...output]), expected);
}

test("colours and the cursor stay", () =>
  check("\x1b[31ma\x1b[0m\x1b[2K\r\x08b\x9b32m", "\x1b[31ma\x1b[0m\x1b[2K\r\x08b\x9b32m"));
test("a title", () => check("a\x1b]0;rm\x07b", "ab"));
test("the clipboard", () => check("a\x1b]52;c;ZWNobw==\x1b\\b", "ab"));
test("a link keeps its words", () => check("\x1b]8;;http://x\x1b\\words\x1b]8;;\x1b\\", "words"));
test("marks of the editor's own", () => check("\x1b]633;E;ls\x07a\x1b]133;A\x07", "a"));
test("pictures and their like", () => check("\x1bPq#0\x1b\\a\x1b_Gx\x1b\\b\x1b^x\x1b\\c\x1bXx\x1b\\d", "abcd"));
test("their one-character form", () => check("\x9d0;t\x9ca\x90q\x9cb\x85", "ab"));
test("one that never ends swallows nothing", () => check("a\x1b]0;words", "a0;words"));
test("one that is interrupted by another", () => check("\x1b]0;a\x1b[31mb", "0;a\x1b[31mb"));

test("a very long one does not hold the output up", () => {
  const filter = terminalFilter();
  assert.equal(filter.pass(`\x1b]0;${"a".repeat(10_000)}`).length > 5_000, true);
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const ACTING = /\x1b[\]PX^_]|[\x80-\x9a\x9c-\x9f]/;
const piece = fc.constantFrom("\x1b", "]", "0;t", "\x07", "\\", "[31m", "a", "\x9d", "\x9c", "P", "_", "\n", "\x90");
test("in whatever pieces it comes, nothing of the kind comes through", () => {
  fc.assert(
    fc.property(fc.array(fc.array(piece).map((parts) => parts.join(""))), (chunks) => {
      assert.doesNotMatch(shown(chunks), ACTING);
      assert.equal(shown(chunks), shown([chunks.join("")]));
    }),
    { numRuns: 3000 },
  );
});
