import assert from "node:assert/strict";
import { test } from "node:test";
import { type BarFacts, barText } from "../../../src/extension/review/barText.ts";
import { english } from "../../support/english.ts";

function check(facts: BarFacts, text: string | undefined, label: string | undefined) {
  assert.deepEqual(barText(facts, english), text === undefined ? undefined : { text: `$(diff-single) ${text}`, label });
}

test("nothing to review", () => check({ files: 0 }, undefined, undefined));
test("another file in front", () => check({ files: 3 }, "3 files to review", "3 files to review"));
test("the cursor in a hunk", () =>
  check(
    { files: 3, front: { name: "retry.ts", hunks: 5, at: 1 } },
    "2/5 in retry.ts · 3 files",
    "Change 2 of 5 in retry.ts, 3 files to review",
  ));
test("the cursor outside of all", () =>
  check(
    { files: 1, front: { name: "retry.ts", hunks: 1, at: -1 } },
    "1 in retry.ts · 1 file",
    "1 change in retry.ts, 1 file to review",
  ));
test("a picture", () =>
  check(
    { files: 2, front: { name: "a.png", hunks: 0, at: -1 } },
    "a.png · 2 files",
    "a.png as a whole, 2 files to review",
  ));
