import assert from "node:assert/strict";
import { test } from "node:test";
import { lineChanges, linesOf } from "../../../src/core/review/lineChanges.ts";
import { fileLineOf, rowNumbers, unifiedText } from "../../../src/extension/review/unifiedText.ts";
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

/** Each row with its numbers and sign. */
function check(before: string, now: string, expected: string[]) {
  const made = unified(before, now);
  const rows = made.text.split("\n");
  const shown = made.spans.flatMap((span) =>
    rows.slice(span.first, span.first + span.count).map((row, at) => rowNumbers(span, span.first + at, 1) + row),
  );
  assert.deepEqual(shown, expected);
}

test("deleted lines stand before added ones", () =>
  check("a\nb\nc\n", "a\nB\nB2\nc\n", ["1 1   a", "2   − b", "  2 + B", "  3 + B2", "3 4   c"]));
test("a new file", () => check("", "a\nb\n", ["  1 + a", "  2 + b"]));
test("a deleted file", () => check("a\n", "", ["1   − a"]));
test("nothing changed", () => check("a\nb", "a\nb", ["1 1   a", "2 2   b"]));
test("other line ends", () => check("a\r\nb\r\n", "a\r\n", ["1 1   a", "2   − b"]));

test("hunks are found by their rows", () =>
  assert.deepEqual(
    unified("a\nb\nc\nd\n", "a\nB\nc\n").places.map(({ start, end }) => [start, end]),
    [
      [1, 3],
      [4, 5],
    ],
  ));
test("a row has a line in the file", () =>
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((row) => fileLineOf(unified("a\nb\nc\nd\n", "a\nB\nc\n"), row)),
    [0, 1, 1, 2, 3],
  ));
test("hunks of other texts are refused", () => {
  const hunks = hunksOf("a\nb\nc\n", "a\nc\n");
  assert.equal(unifiedText({ baseline: "a\nb\nc\n", current: "a\nb\nc\n" }, hunks), undefined);
  assert.equal(unifiedText({ baseline: "b\nc\n", current: "a\nc\n" }, hunksOf("b\n", "a\nb\nc\n")), undefined);
});
