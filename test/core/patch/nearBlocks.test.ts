import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { differingBlocks } from "../../../src/core/patch/lineBlocks.ts";
import { type LineBlock, nearBlocks } from "../../../src/core/patch/nearBlocks.ts";

/** Words are lines; blocks are shown as `words>words`, the rest after "...". */
function check(left: string, right: string, expected: string): void {
  const one = left.split(" ");
  const other = right.split(" ");
  const shown = ({ leftFrom, leftTo, rightFrom, rightTo }: LineBlock) =>
    `${one.slice(leftFrom, leftTo).join(" ")}>${other.slice(rightFrom, rightTo).join(" ")}`;
  const { found, rest } = nearBlocks(wholeOf(one, other), one, other);
  assert.equal([...found.map(shown), ...(rest ? [`... ${shown(rest)}`] : [])].join("; "), expected);
}

function wholeOf(left: readonly string[], right: readonly string[]): LineBlock {
  return { leftFrom: 0, leftTo: left.length, rightFrom: 0, rightTo: right.length };
}

test("the same", () => check("a b c", "a b c", ""));
test("a line changed", () => check("a b c d e f", "a B c d e f", "b>B"));
test("a line added", () => check("a c d e f", "a b c d e f", ">b"));
test("a line removed", () => check("a b c d e f", "a c d e f", "b>"));
test("two changes", () => check("a 1 b c d e 2 f g h i", "a 2 b c d e 1 f g h i", "1>2; 2>1"));
test("a change near the end is left", () => check("a b c", "a B c", "... b c>B c"));
test("lines at the end are a change", () => check("a b", "a b c", ">c"));
test("no line in common is left", () => check("a b c d", "e f g h", "... a b c d>e f g h"));

/** The blocks are in order, and between them both texts are the same. */
function assertScript(blocks: readonly LineBlock[], left: readonly string[], right: readonly string[]): void {
  let [leftAt, rightAt] = [0, 0];
  for (const { leftFrom, leftTo, rightFrom, rightTo } of [
    ...blocks,
    { leftFrom: left.length, leftTo: left.length, rightFrom: right.length, rightTo: right.length },
  ]) {
    assert.ok(leftTo >= leftFrom && rightTo >= rightFrom);
    assert.deepEqual(left.slice(leftAt, leftFrom), right.slice(rightAt, rightFrom));
    [leftAt, rightAt] = [leftTo, rightTo];
  }
}

const line = fc.constantFrom("a", "b", "c", "d", "e", "f");
const edits = fc.array(fc.record({ at: fc.nat(), removed: fc.nat(4), added: fc.array(line, { maxLength: 4 }) }), {
  maxLength: 6,
});

function edited(lines: readonly string[], made: typeof edits extends fc.Arbitrary<infer T> ? T : never): string[] {
  return made.reduce(
    (text, { at, removed, added }) => text.toSpliced(at % (text.length + 1), removed, ...added),
    [...lines],
  );
}

test("what is found is a correct script, however alike the lines are", () =>
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), edits, (left, made) => {
      const right = edited(left, made);
      const { found, rest } = nearBlocks(wholeOf(left, right), left, right);
      assertScript(rest ? [...found, rest] : found, left, right);
    }),
    { numRuns: 1000 },
  ));

test("in large texts, too, with what is left", () =>
  fc.assert(
    fc.property(edits, fc.array(line, { minLength: 150, maxLength: 200 }), fc.nat(5000), (made, block, at) => {
      const left = Array.from({ length: 5000 }, (_, index) => (index % 3 === 0 ? `${index}` : "}"));
      const right = edited(left, made).toSpliced(at, 0, ...block);
      assertScript(differingBlocks(left, right), left, right);
    }),
    { numRuns: 50 },
  ));

test("hundreds of thousands of lines, every other one changed", () => {
  const numbers = Array.from({ length: 150_000 }, (_, at) => at);
  const lines = (mark: string) => numbers.flatMap((at) => [`${at}`, `${mark}${at}`]);
  const [left, right] = [lines("a"), lines("b")];
  const blocks = differingBlocks(left, right);
  assert.equal(blocks.length, numbers.length);
  assertScript(blocks, left, right);
});
