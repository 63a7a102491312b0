import assert from "node:assert/strict";
import { test } from "node:test";
import {
  currentPlaces,
  hunkAt,
  movedPlaces,
  nearestHunk,
  neighbourHunk,
  neighbourPath,
} from "../../../src/extension/review/hunkPlaces.ts";
import type { ReviewHunk } from "../../../src/protocol/review.ts";
import { hunk } from "./hunk.ts";

/** Hunks written as the lines that they take, counting from 0; "5-5" are lines deleted before line 5. */
function places(...spans: string[]) {
  return currentPlaces(spans.map(spanned));
}

function spanned(span: string): ReviewHunk {
  const [start = 0, end = 0] = span.split("-").map(Number);
  return hunk({ newStart: start + 1, newCount: end - start });
}

/** A change of lines `from` to `to` that ends at a column and brings so many line ends. */
function checkMove(before: string, [startLine, endLine, endCharacter, addedLines]: number[], after: string) {
  const moved = movedPlaces(places(before), {
    startLine: startLine ?? 0,
    endLine: endLine ?? 0,
    endCharacter: endCharacter ?? 0,
    addedLines: addedLines ?? 0,
  });
  assert.equal(moved.map(({ start, end }) => `${start}-${end}`).join(), after);
}

test("typing above moves nothing", () => checkMove("5-7", [2, 2, 4, 0], "5-7"));
test("a line above moves down", () => checkMove("5-7", [2, 2, 4, 1], "6-8"));
test("a line before the first one moves down", () => checkMove("5-7", [5, 5, 0, 1], "6-8"));
test("a line deleted above moves up", () => checkMove("5-7", [3, 4, 0, 0], "4-6"));
test("a line within belongs to it", () => checkMove("5-7", [5, 5, 3, 1], "5-8"));
test("a line deleted within is one less", () => checkMove("5-8", [5, 6, 0, 0], "5-7"));
test("lines below change nothing", () => checkMove("5-7", [7, 7, 0, 3], "5-7"));
test("what is deleted from above into it leaves its rest", () => checkMove("5-8", [3, 6, 2, 0], "3-5"));
test("everything deleted leaves an empty hunk", () => checkMove("5-7", [5, 7, 0, 0], "5-5"));
test("deleted lines move with what follows them", () => checkMove("5-5", [4, 4, 0, 2], "7-7"));
test("deleted lines stay when lines come after them", () => checkMove("5-5", [5, 5, 3, 2], "5-5"));

function checkAt(line: number, found: number) {
  assert.equal(hunkAt(places("2-4", "6-6", "9-10"), line), found);
}

test("the line above a hunk is none of it", () => checkAt(1, -1));
test("the first line of a hunk", () => checkAt(2, 0));
test("the line after a hunk", () => checkAt(4, -1));
test("the line above deleted ones", () => checkAt(5, 1));
test("the line below deleted ones", () => checkAt(6, 1));
test("a hunk's own line comes before its neighbour's deleted ones", () =>
  assert.equal(hunkAt(places("2-2", "2-4"), 2), 1));

function checkNearest(line: number, found: number) {
  assert.equal(nearestHunk(places("2-4", "9-10"), line), found);
}

test("the nearest hunk below", () => checkNearest(8, 1));
test("the nearest hunk above", () => checkNearest(5, 0));
test("no hunk is near in a file without any", () => assert.equal(nearestHunk([], 3), -1));

function checkNeighbour(line: number, step: 1 | -1, found: number) {
  assert.equal(neighbourHunk(places("2-4", "6-6", "9-10"), line, step), found);
}

test("the next one from above all", () => checkNeighbour(0, 1, 0));
test("the next one from within one", () => checkNeighbour(3, 1, 1));
test("the next one from between two", () => checkNeighbour(7, 1, 2));
test("none comes after the last", () => checkNeighbour(9, 1, -1));
test("the one before from below all", () => checkNeighbour(20, -1, 2));
test("the one before from within one", () => checkNeighbour(9, -1, 1));
test("none comes before the first", () => checkNeighbour(2, -1, -1));

function checkPath(path: string | undefined, step: 1 | -1, found: string | undefined) {
  assert.equal(neighbourPath(["/b", "/d", "/f"], path, step), found);
}

test("the next file", () => checkPath("/b", 1, "/d"));
test("the next file after the last is the first", () => checkPath("/f", 1, "/b"));
test("the file before the first is the last", () => checkPath("/b", -1, "/f"));
test("from a file that is not under review, the next one in order", () => checkPath("/c", 1, "/d"));
test("from nowhere, the first", () => checkPath(undefined, 1, "/b"));
test("the only file has no other", () => assert.equal(neighbourPath(["/b"], "/b", 1), undefined));
