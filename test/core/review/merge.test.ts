import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeChanges } from "../../../src/core/review/merge.ts";

const base = "1\n2\n3\n4\n5\n6\n";

/** Undefined for two changes that are not apart. Which of the two comes first makes no difference. */
function check(
  name: string,
  [ours, theirs]: readonly [string, string],
  expected: string | undefined,
  from = base,
): void {
  test(name, () => {
    for (const [one, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const merged = mergeChanges(bytesOf(from), bytesOf(one), bytesOf(other));
      assert.equal(merged && Buffer.from(merged).toString("latin1"), expected);
    }
  });
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

check("apart", ["1\nb\n3\n4\n5\n6\n", "1\n2\n3\n4\ne\n6\n"], "1\nb\n3\n4\ne\n6\n");
check("one line between", ["1\nb\n3\n4\n5\n6\n", "1\n2\n3\nd\n5\n6\n"], "1\nb\n3\nd\n5\n6\n");
check("side by side", ["1\nb\n3\n4\n5\n6\n", "1\n2\nc\n4\n5\n6\n"], undefined);
check("the same line", ["1\nb\n3\n4\n5\n6\n", "1\nx\n3\n4\n5\n6\n"], undefined);
check("both the same", ["1\nb\n3\n4\n5\n6\n", "1\nb\n3\n4\n5\n6\n"], "1\nb\n3\n4\n5\n6\n");
check("the same, and another", ["1\nb\n3\n4\n5\n6\n", "1\nb\n3\n4\n5\nf\n"], "1\nb\n3\n4\n5\nf\n");
check("one on both sides of the other", ["a\n2\n3\n4\n5\nf\n", "1\n2\n3\nd\n5\n6\n"], "a\n2\n3\nd\n5\nf\n");
check("lines put in and taken out", ["0\n1\n2\n3\n4\n5\n6\n", "1\n2\n3\n6\n"], "0\n1\n2\n3\n6\n");
check("put in at one place", ["1\na\n2\n3\n4\n5\n6\n", "1\nb\n2\n3\n4\n5\n6\n"], undefined);
check("the end of the last line", ["1\n2\n3\n4\n5\n6", "a\n2\n3\n4\n5\n6\n"], "a\n2\n3\n4\n5\n6");
check("other line ends everywhere", [base.replaceAll("\n", "\r\n"), "a\n2\n3\n4\n5\n6\n"], undefined);
check("emptied", ["", "a\n2\n3\n4\n5\n6\n"], undefined);
check("unchanged", [base, "a\n2\n3\n4\n5\n6\n"], "a\n2\n3\n4\n5\n6\n");
check("nothing there at first", ["a\n", "b\n"], undefined, "");
check("bytes that are no UTF-8", ["\xff\n2\n3\n", "1\n2\n\x80\x00\n"], "\xff\n2\n\x80\x00\n", "1\n2\n3\n");
check("UTF-16", ["a\0\n\0b\0\n\0x\0\n\0", "y\0\n\0b\0\n\0c\0\n\0"], "y\0\n\0b\0\n\0x\0\n\0", "a\0\n\0b\0\n\0c\0\n\0");

test("more than can be compared is not merged", () => {
  const lines = (mark: string) => Array.from({ length: 3000 }, (_, at) => `${mark}${at}\n`).join("");
  assert.equal(mergeChanges(bytesOf(lines("a")), bytesOf(lines("b")), bytesOf(`${lines("a")}x`)), undefined);
});
