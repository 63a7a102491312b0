import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReviewHunk } from "../../src/protocol/review.ts";
import { parseChange } from "../../webview-ui/diff/parse.ts";
import { matchHunks } from "../../webview-ui/review/matching.ts";

const diff = `@@ -1,3 +1,4 @@
 a
+one
 b
 c
@@ -20,4 +21,5 @@
 d
-old
+new
 e
+two
 f
`;

function hunk(id: string, newStart: number, newCount: number, ...oldLines: string[]): ReviewHunk {
  const counts = { oldCount: oldLines.length, newCount };
  return { id, oldStart: newStart, oldLines, newStart, ...counts, edited: false, authors: [] };
}

/** For each shown hunk, the ids of those that it stands for. */
function check(reviewed: ReviewHunk[], expected: string[][]) {
  const { hunks } = parseChange({ path: "a.ts", kind: { type: "update" }, diff });
  const matched = matchHunks(hunks, reviewed);
  assert.deepEqual(
    hunks.map((shown) => (matched.get(shown) ?? []).map(({ id }) => id)),
    expected,
  );
}

const one = hunk("one", 2, 1);
const changed = hunk("changed", 22, 1, "old");
const two = hunk("two", 24, 1);

test("each hunk by its lines", () => check([one, changed, two], [["one"], ["changed", "two"]]));
test("one that is not under review any more", () => check([one, changed], [["one"], ["changed"]]));
test("of two alike, the one in its place", () => check([two], [[], ["two"]]));
test("of two alike that moved, neither", () => check([{ ...two, newStart: 30 }], [[], []]));
test("one that moved, and is like no other", () => check([{ ...changed, newStart: 90 }], [[], ["changed"]]));
test("one whose lines are others now", () => check([hunk("x", 22, 1, "older")], [[], []]));
test("one that has become longer", () => check([hunk("x", 22, 2, "old")], [[], []]));

test("an added file is one hunk", () => {
  const { hunks } = parseChange({ path: "a.ts", kind: { type: "add" }, diff: "a\nb\n" });
  assert.deepEqual([...matchHunks(hunks, [hunk("x", 1, 2)]).values()].flat().length, 1);
});

test("of a long hunk only the first old lines are known", () => {
  const lines = Array.from({ length: 300 }, (_, at) => `line ${at}`);
  const removed = { path: "a.ts", kind: { type: "delete" as const }, diff: `${lines.join("\n")}\n` };
  const { hunks } = parseChange(removed);
  const long = { ...hunk("x", 1, 0, ...lines.slice(0, 200)), oldCount: 300 };
  assert.deepEqual([...matchHunks(hunks, [long]).values()].flat(), [long]);
});
