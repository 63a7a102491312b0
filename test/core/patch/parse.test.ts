import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "../../../src/core/patch/operation.ts";
import { parsePatch } from "../../../src/core/patch/parse.ts";
import { patchOf } from "./cases/patchCase.ts";

function check(lines: readonly string[], ...expected: readonly Operation[]): void {
  assert.deepEqual(parsePatch(patchOf(...lines)), expected);
}

test("every section and where it begins", () =>
  check(
    ["*** Add File: a", "+1", "", "*** Delete File: b", "*** Update File: c", "*** Move to: d"],
    { kind: "add", path: "a", line: 2, lines: ["1"] },
    { kind: "delete", path: "b", line: 5 },
    { kind: "update", path: "c", line: 6, movePath: "d", hunks: [] },
  ));

test("every part of a hunk", () =>
  check(["*** Update File: c", "@@ class A", "@@", "@@   def f", " 1", "-2", "+3", "", "", "*** End of File"], {
    kind: "update",
    path: "c",
    line: 2,
    hunks: [
      {
        contexts: ["class A", "  def f"],
        lines: [
          { kind: "keep", text: "1" },
          { kind: "remove", text: "2" },
          { kind: "add", text: "3" },
        ],
        blanksAfter: 2,
        endOfFile: true,
      },
    ],
  }));

test("empty lines within a hunk are context, after it they are counted", () =>
  check(["*** Update File: c", "-1", "", "-2", ""], {
    kind: "update",
    path: "c",
    line: 2,
    hunks: [
      {
        contexts: [],
        lines: [
          { kind: "remove", text: "1" },
          { kind: "keep", text: "" },
          { kind: "remove", text: "2" },
        ],
        blanksAfter: 1,
        endOfFile: false,
      },
    ],
  }));

test("empty lines after a mere addition do not count", () =>
  check(["*** Update File: c", "@@ f", "+1", ""], {
    kind: "update",
    path: "c",
    line: 2,
    hunks: [{ contexts: ["f"], lines: [{ kind: "add", text: "1" }], blanksAfter: 0, endOfFile: false }],
  }));
