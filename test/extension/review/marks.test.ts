import assert from "node:assert/strict";
import { test } from "node:test";
import { currentPlaces } from "../../../src/extension/review/hunkPlaces.ts";
import { anchorLine, lensTexts, marksOf } from "../../../src/extension/review/marks.ts";
import type { ReviewHunk } from "../../../src/protocol/review.ts";
import { english } from "../../support/english.ts";
import { hunk } from "./hunk.ts";

const lineCount = 10;

/** The marks of one hunk, as words: "+2-4" for added lines, "~2-4" for edited ones, "−3@1" for a badge; lines count from 0. */
function check(given: Partial<ReviewHunk>, expected: string) {
  const { added, edited, badges } = marksOf(currentPlaces([hunk(given)]), lineCount);
  const words = [
    ...added.map(({ first, last }) => `+${first}-${last}`),
    ...edited.map(({ first, last }) => `~${first}-${last}`),
    ...badges.map(({ line, text }) => `${text}@${line}`),
  ];
  assert.equal(words.join(" "), expected);
}

test("added lines", () => check({ newStart: 3, newCount: 2 }, "+2-3"));
test("changed lines have a badge above", () => check({ newStart: 3, newCount: 2, oldCount: 1 }, "+2-3 −1@1"));
test("deleted lines have a badge alone", () => check({ newStart: 3, oldCount: 4 }, "−4@1"));
test("lines deleted at the beginning show in the first line", () => check({ newStart: 1, oldCount: 1 }, "−1@0"));
test("lines deleted at the end show in the last line", () => check({ newStart: 11, oldCount: 2 }, "−2@9"));
test("lines that the user changed further", () => check({ newStart: 5, newCount: 1, edited: true }, "~4-4"));
test("a last line that the editor does not count", () => check({ newStart: 10, newCount: 2 }, "+9-9"));

function checkAnchor(given: Partial<ReviewHunk>, expected: number) {
  assert.deepEqual(
    currentPlaces([hunk(given)]).map((place) => anchorLine(place, lineCount)),
    [expected],
  );
}

test("a hunk's controls stand above its first line", () => checkAnchor({ newStart: 3, newCount: 2 }, 2));
test("those of lines deleted at the end stand above the last line", () => checkAnchor({ newStart: 11 }, 9));

test("the place of a hunk", () =>
  assert.deepEqual(Object.values(lensTexts({ index: 1, count: 5, edited: false, current: false }, english)), [
    "Keep",
    "Undo",
    "Next ↓",
    "2 of 5",
  ]));
test("the hunk with the cursor, changed further", () =>
  assert.deepEqual(Object.values(lensTexts({ index: 1, count: 5, edited: true, current: true }, english)), [
    "$(check)\u00a0Keep",
    "$(discard)\u00a0Undo",
    "Next ↓",
    "$(circle-filled)\u00a02 of 5, edited by you",
  ]));
