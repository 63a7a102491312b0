import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileState, planFile } from "../../../src/core/review/restorePlan.ts";

const state = (text: string | null): FileState =>
  text === null ? undefined : { bytes: Buffer.from(text), executable: false };

/** Steps are "before -> after", oldest first; null is no file, "?" is not known. */
type Step = readonly [before: string | null, after: string | null];

function check(now: string | null, steps: readonly Step[], expected: string, overwrite = false) {
  const taken = steps.map(([before, after]) => ({
    before: state(before),
    after: after === "?" ? ("unknown" as const) : state(after),
  }));
  const plan = planFile(state(now), taken.reverse(), { overwrite });
  const text = plan.kind === "write" && plan.state ? Buffer.from(plan.state.bytes).toString() : null;
  const written = plan.kind === "write" ? `${plan.merged ? "merge" : "write"} ${JSON.stringify(text)}` : "";
  assert.equal(plan.kind === "conflict" ? plan.reason : written || plan.kind, expected);
}

test("takes a change back", () => check("2", [["1", "2"]], 'write "1"'));
test("takes changes back, the newest first", () =>
  check(
    "3",
    [
      ["1", "2"],
      ["2", "3"],
    ],
    'write "1"',
  ));
test("deletes what was added", () => check("1", [[null, "1"]], "write null"));
test("adds what was deleted", () => check(null, [["1", null]], 'write "1"'));
test("has nothing to do where it is done", () => check("1", [["1", "2"]], "nothing"));
test("has nothing to do for what came and went", () =>
  check(
    null,
    [
      [null, "1"],
      ["1", null],
    ],
    "nothing",
  ));
test("keeps what the user changed apart from it, after it", () =>
  check("A\nb\nC\n", [["a\nb\nc\n", "A\nb\nc\n"]], 'merge "a\\nb\\nC\\n"'));
test("and between two of them", () =>
  check(
    "A\nb\nC\nd\nE\n",
    [
      ["a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n"],
      ["A\nb\nC\nd\ne\n", "A\nb\nC\nd\nE\n"],
    ],
    'merge "a\\nb\\nC\\nd\\ne\\n"',
  ));
test("leaves the same lines alone", () => check("x\n", [["a\n", "b\n"]], "changed"));
test("leaves a new file alone that the user changed", () => check("1\n2\n", [[null, "1\n"]], "changed"));
test("leaves a file alone that the user wrote in place of a deleted one", () =>
  check("new", [["old", null]], "changed"));
test("leaves a file deleted that the user deleted", () => check(null, [["1", "2"]], "changed"));
test("overwrites where it is told to", () => check("x\n", [["a\n", "b\n"]], 'write "a\\n"', true));
test("overwrites with what was before the oldest step", () =>
  check(
    "x",
    [
      ["a", "b"],
      ["b", "c"],
    ],
    'write "a"',
    true,
  ));
test("deletes where it is told to", () => check("mine", [[null, "1"]], "write null", true));
test("merges all the same where it can", () =>
  check("A\nb\nC\n", [["a\nb\nc\n", "A\nb\nc\n"]], 'merge "a\\nb\\nC\\n"', true));
test("does not guess at what was cut off", () => check("2", [["1", "?"]], "unknown"));
test("unless nothing came of it", () => check("1", [["1", "?"]], "nothing"));
test("or it is told to", () => check("2", [["1", "?"]], 'write "1"', true));
