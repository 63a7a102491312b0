import assert from "node:assert/strict";
import { test } from "node:test";
import { diffTitle, type Titled } from "../../../src/extension/proposal/diffTitle.ts";
import { english } from "../../support/english.ts";

const changes: Titled["item"]["changes"] = [
  { path: "/ws/a.ts", kind: { type: "add" }, diff: "" },
  { path: "C:\\ws\\b.ts", kind: { type: "update", move_path: "C:\\ws\\lib\\c.ts" }, diff: "" },
];
const one = { status: "inProgress", changes: changes.slice(0, 1) } as const;

function check(titled: Titled, expected: string): void {
  assert.equal(diffTitle(titled, english), expected);
}

test("a proposal", () => check({ item: one, index: 0, extent: "whole" }, "a.ts (proposed by Patchwright)"));
test("one of several, which moves", () =>
  check(
    { item: { status: "inProgress", changes }, index: 1, extent: "whole" },
    "b.ts → c.ts (proposed by Patchwright, file 2 of 2)",
  ));
test("one that arrives", () => check({ item: one, index: 0, extent: "arriving" }, "a.ts (Patchwright is writing)"));
test("one that was declined, of a file that changed since", () =>
  check({ item: { ...one, status: "declined" }, index: 0, extent: "places" }, "a.ts (declined, changed places only)"));
