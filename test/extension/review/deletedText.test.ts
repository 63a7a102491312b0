import assert from "node:assert/strict";
import { test } from "node:test";
import { deletedText } from "../../../src/extension/review/deletedText.ts";
import { english } from "../../support/english.ts";
import { hunk } from "./hunk.ts";

const name = { path: "/w/a (1).ts", hunkId: "abc" };

function textOf(oldLines: string[], oldCount = oldLines.length, language = "typescript") {
  return deletedText(hunk({ oldStart: 38, oldCount, oldLines }), { name, language }, english);
}

/** What stands between the fences, with them. */
function check(oldLines: string[], expected: string[]) {
  const rows = textOf(oldLines).split("\n");
  assert.deepEqual(rows.slice(2, rows.length - 2), expected);
}

test("deleted lines stand in a fence of the file's language", () =>
  check(["a", "b"], ["```typescript", "a", "b", "```"]));
test("a fence in them is shorter than theirs", () => check(["````", "x"], ["`````typescript", "````", "x", "`````"]));
test("white space that all lines begin with is left out", () =>
  check(["    a", "", "      b"], ["```typescript", "a", "", "  b", "```"]));
test("a long line is cut", () => check(["x".repeat(300)], ["```typescript", `${"x".repeat(199)}…`, "```"]));
test("many lines are cut, and counted", () => {
  const rows = textOf(new Array(200).fill("x"), 400).split("\n");
  assert.equal(rows.filter((row) => row === "x").length, 30);
  assert.ok(rows.includes("and 370 more lines"));
});
test("a language is nothing but a name", () =>
  assert.match(textOf(["a"], 1, "a`\n[b](command:c)"), /^```abcommandc$/m));
test("the heading says how many and where", () =>
  assert.equal(textOf(["a", "b"]).split("\n")[0], "**Deleted here: 2 lines** (lines 38 to 39 before)"));
test("links name the hunk and cannot be ended by a path", () => {
  const links = textOf(["a"]).split("\n").at(-1) ?? "";
  const arguments_ = [...links.matchAll(/\(command:([\w.]+)\?([^ )]+) "[^"]+"\)/g)];
  assert.deepEqual(
    arguments_.map(([, command]) => command),
    ["patchwright.undoHunk", "patchwright.copyDeleted", "patchwright.openDiff"],
  );
  for (const [, , argument = ""] of arguments_) assert.deepEqual(JSON.parse(decodeURIComponent(argument)), [name]);
});
