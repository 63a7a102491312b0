import assert from "node:assert/strict";
import { test } from "node:test";
import { markStripper } from "../../src/host/vscode/terminalMarks.ts";

function check(chunks: readonly string[], expected: readonly string[]): void {
  assert.deepEqual(chunks.map(markStripper()), expected);
}

test("plain text passes", () => check(["a\r\n"], ["a\r\n"]));
test("a mark goes, whatever ends it", () => check(["\x1b]633;C\x07out\x1b]633;D;0\x1b\\!"], ["out!"]));
test("colours stay", () => check(["\x1b[31mred\x1b[0m"], ["\x1b[31mred\x1b[0m"]));
test("other commands to the terminal stay", () => check(["\x1b]0;title\x07"], ["\x1b]0;title\x07"]));
test("a mark in two pieces", () => check(["a\x1b]633;", "C\x07b"], ["a", "b"]));
test("cut after its first character", () => check(["a\x1b", "]633;C\x07b"], ["a", "b"]));
test("cut within its end", () => check(["a\x1b]633;C\x1b", "\\b"], ["a", "b"]));
test("what only began like one is delivered", () => check(["a\x1b]6", "4;x"], ["a", "\x1b]64;x"]));
