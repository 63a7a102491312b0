import assert from "node:assert/strict";
import { test } from "node:test";
import { lineChanges, linesOf } from "../../../src/core/review/lineChanges.ts";
import { unifiedText } from "../../../src/extension/review/unifiedText.ts";
import type { ReviewHunk } from "../../../src/protocol/review.ts";
import { hunk } from "./hunk.ts";

/** The hunks between two texts. */
function hunksOf(before: string, now: string): ReviewHunk[] {
  let shift = 0;
  return lineChanges(linesOf(before), linesOf(now)).map(({ start, end, lines }) => {
    const newStart = start + shift + 1;
    shift += lines.length - (end - start);
    return hunk({ oldStart: start + 1, oldCount: end - start, newStart, newCount: lines.length });
  });
}

function unified(before: string, now: string) {
  const made = unifiedText({ baseline: before, current: now }, hunksOf(before, now));
  assert.ok(made);
  return made;
}

/** Each row after its kind. */
function check(before: string, now: string, expected: string[]) {
  const made = unified(before, now);
  const rows = made.text.split("\n");
  const sign = { same: " ", removed: "-", added: "+" };
  const shown = made.spans.flatMap(({ kind, first, count }) =>
    rows.slice(first, first + count).map((row) => sign[kind] + row),
  );
  assert.deepEqual(shown, expected);
}

test("deleted lines stand before added ones", () =>
  check("a\nb\nc\n", "a\nB\nB2\nc\n", [" a", "-b", "+B", "+B2", " c"]));
test("a new file", () => check("", "a\nb\n", ["+a", "+b"]));
test("a deleted file", () => check("a\n", "", ["-a"]));
test("nothing changed", () => check("a\nb", "a\nb", [" a", " b"]));
test("other line ends", () => check("a\r\nb\r\n", "a\r\n", [" a", "-b"]));

test("hunks are found by their rows", () =>
  assert.deepEqual(
    unified("a\nb\nc\nd\n", "a\nB\nc\n").places.map(({ start, end }) => [start, end]),
    [
      [1, 3],
      [4, 5],
    ],
  ));
test("hunks of other texts are refused", () => {
  const hunks = hunksOf("a\nb\nc\n", "a\nc\n");
  assert.equal(unifiedText({ baseline: "a\nb\nc\n", current: "a\nb\nc\n" }, hunks), undefined);
  assert.equal(unifiedText({ baseline: "b\nc\n", current: "a\nc\n" }, hunksOf("b\n", "a\nb\nc\n")), undefined);
});
