import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineChanges, linesOf } from "../../../src/core/review/lineChanges.ts";

/** Each letter is a line. Changes are shown as `start-end:lines`. */
function check(before: string, after: string, expected: string): void {
  const changes = lineChanges([...before], [...after]);
  assert.equal(changes.map(({ start, end, lines }) => `${start}-${end}:${lines.join("")}`).join(" "), expected);
}

test("nothing", () => check("abc", "abc", ""));
test("a line replaced", () => check("abc", "aXc", "1-2:X"));
test("lines added in two places", () => check("abc", "XabYc", "0-0:X 2-2:Y"));
test("a block added between like lines begins as late as it may", () => check("f}g}", "f}h}g}", "2-2:h}"));
test("a block removed between like lines, too", () => check("f}h}g}", "f}g}", "2-4:"));
test("it stays apart from the next change", () => check("aab", "aaaB", "2-3:aB"));
test("all of it", () => check("abc", "xyz", "0-3:xyz"));
test("from nothing", () => check("", "ab", "0-0:ab"));
test("to nothing", () => check("ab", "", "0-2:"));
test("line ends count", () => assert.deepEqual(linesOf("a\r\nb\rc\nd"), ["a\r\n", "b\r", "c\n", "d"]));

const text = fc.array(fc.constantFrom("a", "b", "c", "d", "}"), { maxLength: 60 });
test("the changes make the one text of the other, and stand apart", () =>
  fc.assert(
    fc.property(text, text, fc.nat(60), fc.nat(60), (one, other, from, to) => {
      // Much in common, and nothing in common.
      for (const after of [other, [...one.slice(0, from), ...other.slice(0, 5), ...one.slice(to)]]) {
        const changes = lineChanges(one, after);
        const made: string[] = [];
        let at = 0;
        for (const { start, end, lines } of changes) {
          assert.ok(start > at || at === 0, "an unchanged line stands between two changes");
          made.push(...one.slice(at, start), ...lines);
          at = end;
        }
        assert.deepEqual([...made, ...one.slice(at)], after);
      }
    }),
    { numRuns: 1000 },
  ));
