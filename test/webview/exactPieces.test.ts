import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { lineCount, piecesOf, tailOf } from "../../webview-ui/exact/pieces.ts";

/** How many pieces, and lines in them. */
function check(text: string, pieces: number, lines: number) {
  const cut = piecesOf(text);
  assert.deepEqual([cut.length, cut.reduce((sum, piece) => sum + piece.lines.length, 0)], [pieces, lines]);
}

test("a command is one piece", () => check("npm test\nnpm run build", 1, 2));
test("nothing is a piece, too", () => check("", 1, 1));
test("many lines are many pieces", () => check("a\n".repeat(999), 10, 1000));
test("a long line is cut", () => check("a".repeat(300_000), 300, 300));

test("nothing is left out, and no character is cut in two", () => {
  const text = fc.array(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("🎉".repeat(1500)), fc.constant("\n".repeat(150))),
  );
  fc.assert(
    fc.property(text, (parts) => {
      const whole = parts.join("");
      const lines = piecesOf(whole).flatMap((piece) => piece.lines);
      assert.equal(lines.join(""), whole.replaceAll("\n", ""));
      for (const line of lines) assert.ok(line.isWellFormed());
    }),
    { seed: 1, numRuns: 100 },
  );
});

function checkTail(text: string, expected: string) {
  assert.equal(tailOf(text, 10), expected);
}

test("the tail is the last line", () => checkTail("a\nb", "b"));
test("of a long one its end", () => checkTail(`${"a".repeat(100)}; rm -rf ~`, "; rm -rf ~"));
test("line ends and spaces after it do not hide it", () => checkTail("a\nb\n\n \n", "b"));
test("no half character", () => checkTail(`${"🎉".repeat(9)}b`, "🎉🎉🎉🎉🎉b"));

test("lines are counted as they are written", () => assert.equal(lineCount("a\n\nb\n"), 4));
