import assert from "node:assert/strict";
import { test } from "node:test";
import { proposalTexts } from "../../../src/extension/proposal/proposalTexts.ts";

const diff = "@@ -2,2 +2,2 @@\n b\n-c\n+C\n@@ -6,1 +6,2 @@\n f\n+g\n";
const before = "a\nb\nc\nd\ne\nf\n";
const after = "a\nb\nC\nd\ne\nf\ng\n";

interface Case {
  readonly diff?: string;
  readonly current: string | undefined;
  readonly applied?: boolean;
  readonly expected: readonly [before: string, after: string, partial?: "partial"];
}

function check({ diff: given = diff, current, applied = false, expected: [old, next, partial] }: Case): void {
  const change = { path: "a.txt", kind: { type: "update" as const }, diff: given };
  assert.deepEqual(proposalTexts(change, current, applied), {
    before: old,
    after: next,
    partial: partial === "partial",
  });
}

test("a proposal", () => check({ current: before, expected: [before, after] }));
test("a change that was made", () => check({ current: after, applied: true, expected: [before, after] }));
test("a file that grew above", () => check({ current: `0\n${before}`, expected: [`0\n${before}`, `0\n${after}`] }));
test("CRLF reads like LF", () => check({ current: before.replaceAll("\n", "\r\n"), expected: [before, after] }));
test("no final newline", () =>
  check({
    diff: "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
    current: "a",
    expected: ["b".replace("b", "a"), "b"],
  }));
test("lines added to an empty file", () =>
  check({ diff: "@@ -0,0 +1,1 @@\n+a\n", current: "", expected: ["", "a\n"] }));
test("lines added after the first", () =>
  check({ diff: "@@ -1,0 +2,1 @@\n+x\n", current: "a\nb\n", expected: ["a\nb\n", "a\nx\nb\n"] }));
test("another file by now", () =>
  check({ current: "quite\nanother\n", expected: ["b\nc\n\nf", "b\nC\n\nf\ng", "partial"] }));
test("no file by now", () =>
  check({ current: undefined, applied: true, expected: ["b\nc\n\nf", "b\nC\n\nf\ng", "partial"] }));

test("a new file", () =>
  assert.deepEqual(proposalTexts({ path: "a", kind: { type: "add" }, diff: "x\r\n" }, undefined, false), {
    before: "",
    after: "x\n",
    partial: false,
  }));
test("a file that goes", () =>
  assert.deepEqual(proposalTexts({ path: "a", kind: { type: "delete" }, diff: "x\n" }, "x\n", false), {
    before: "x\n",
    after: "",
    partial: false,
  }));
test("the last of hundreds of thousands of lines", () => {
  const above = "a\n".repeat(200_000);
  const expected = [`${above}b\n`, `${above}c\n`] as const;
  check({ diff: "@@ -200001,1 +200001,1 @@\n-b\n+c\n", current: expected[0], expected });
});
