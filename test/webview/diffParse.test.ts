import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileUpdateChange } from "../../src/protocol/items.ts";
import { parseChange } from "../../webview-ui/diff/parse.ts";

/** A hunk is written as its range and one "number sign text" a line. */
function check(change: Pick<FileUpdateChange, "kind" | "diff">, expected: string, counts: [number, number]) {
  const { hunks, added, removed } = parseChange({ path: "a", ...change });
  const written = hunks.map(({ from, to, lines }) =>
    [`${from}-${to}`, ...lines.map(({ number, sign, text }) => `${number}${sign}${text}`)].join("\n"),
  );
  assert.equal(written.join("\n\n"), expected);
  assert.deepEqual([added, removed], counts);
}

const update = { kind: { type: "update" as const } };

test("a changed line, with a line around it", () =>
  check({ ...update, diff: "@@ -1,5 +1,5 @@\n a\n b\n-c\n+C\n d\n e\n" }, "3-3\n2 b\n3-c\n3+C\n4 d", [1, 1]));

test("lines after an insertion are numbered as in the new file", () =>
  check({ ...update, diff: "@@ -1,2 +1,4 @@\n a\n+b\n+c\n d\n" }, "2-3\n1 a\n2+b\n3+c\n4 d", [2, 0]));

test("only removed lines: the range is the old one", () =>
  check({ ...update, diff: "@@ -4,3 +4,1 @@\n a\n-b\n-c\n" }, "5-6\n4 a\n5-b\n6-c", [0, 2]));

test("changes far apart in one hunk become two", () =>
  check(
    { ...update, diff: "@@ -1,9 +1,9 @@\n-a\n+A\n b\n c\n d\n e\n f\n g\n-h\n+H\n" },
    "1-1\n1-a\n1+A\n2 b\n\n8-8\n7 g\n8-h\n8+H",
    [2, 2],
  ));

test("changes close together stay one", () =>
  check(
    { ...update, diff: "@@ -1,5 +1,5 @@\n-a\n+A\n b\n c\n d\n-e\n+E\n" },
    "1-5\n1-a\n1+A\n2 b\n3 c\n4 d\n5-e\n5+E",
    [2, 2],
  ));

test("two hunks, with a heading and without counts", () =>
  check(
    { ...update, diff: "@@ -1 +1 @@ function f()\n-a\n+b\n@@ -9 +9 @@\n-c\n+d\n" },
    "1-1\n1-a\n1+b\n\n9-9\n9-c\n9+d",
    [2, 2],
  ));

test("file heads and the note of a missing newline are no lines", () =>
  check(
    { ...update, diff: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n" },
    "1-1\n1-a\n1+b",
    [1, 1],
  ));

test("a removed line that looks like a head", () =>
  check({ ...update, diff: "@@ -1,2 +1,1 @@\n a\n--- x\n" }, "2-2\n1 a\n2--- x", [0, 1]));

test("Windows line ends", () => check({ ...update, diff: "@@ -1 +1 @@\r\n-a\r\n+b\r\n" }, "1-1\n1-a\n1+b", [1, 1]));

test("an empty context line that lost its space", () =>
  check({ ...update, diff: "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n" }, "3-3\n2 \n3-b\n3+c", [1, 1]));

test("a new file", () => check({ kind: { type: "add" }, diff: "x\n\ny\n" }, "1-3\n1+x\n2+\n3+y", [3, 0]));
test("a deleted file", () => check({ kind: { type: "delete" }, diff: "x" }, "1-1\n1-x", [0, 1]));
test("an empty new file", () => check({ kind: { type: "add" }, diff: "" }, "", [0, 0]));
test("a pure rename", () => check({ kind: { type: "update", move_path: "b" }, diff: "" }, "", [0, 0]));
test("no diff at all", () => check({ ...update, diff: "what is this" }, "", [0, 0]));
