import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { minimalEdits, type TextReplacement } from "../../src/host/vscode/minimalEdits.ts";

function applied(text: string, edits: readonly TextReplacement[]): string {
  return edits.reduceRight((left, { start, end, text: next }) => left.slice(0, start) + next + left.slice(end), text);
}

/** `expected` shows each edit as "start-end:text". */
function check(before: string, after: string, expected: readonly string[]): void {
  const edits = minimalEdits(before, after);
  assert.equal(applied(before, edits), after);
  assert.deepEqual(
    edits.map(({ start, end, text }) => `${start}-${end}:${text}`),
    expected,
  );
}

test("nothing for equal texts", () => check("a\nb\n", "a\nb\n", []));
test("a changed word only", () => check("one\ntwo\nthree\n", "one\ntwice\nthree\n", ["6-7:ice"]));
test("an added line", () => check("a\nc\n", "a\nb\nc\n", ["2-2:b\n"]));
test("a removed line", () => check("a\nb\nc\n", "a\nc\n", ["2-4:"]));
test("two places apart", () => check("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", ["0-1:A", "8-9:E"]));
test("a missing final newline", () => check("a\nb", "a\nb\n", ["3-3:\n"]));
test("from empty", () => check("", "a\n", ["0-0:a\n"]));
test("to empty", () => check("a\n", "", ["0-2:"]));
test("at the end", () => check("a\n", "a\nb\n", ["2-2:b\n"]));
test("between lines that repeat", () => check("}\n}\n}\n", "}\nx\n}\n}\n", ["2-2:x\n"]));
test("moved lines stay whole", () => check("a\nb\nc\n", "c\na\nb\n", ["0-0:c\n", "4-6:"]));
test("never parts a CRLF that goes", () => check("a\r\nb", "a\rb", ["1-3:\r"]));
test("never parts a CRLF that comes", () => check("a\nb", "a\r\nb", ["1-2:\r\n"]));
test("never parts a surrogate pair at its start", () => check("😀", "😁", ["0-2:😁"]));
test("never parts a surrogate pair at its end", () => check("\u{1f600}", "\u{1fa00}", ["0-2:\u{1fa00}"]));

test("makes the other text, in order and without overlap", () => {
  const text = fc.array(fc.constantFrom("a\n", "b\n", "}\n", "\r\n", "x", "😀", "é\n")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edits = minimalEdits(before, after);
      assert.equal(applied(before, edits), after);
      edits.reduce((last, { start, end }) => {
        assert.ok(start >= last && end >= start);
        return end;
      }, 0);
    }),
  );
});
