import assert from "node:assert/strict";
import { test } from "node:test";
import { boxWords, hiddenCount, segments } from "../../webview-ui/words/hidden.ts";

/** Boxes are written [NAME]. */
function check(text: string, expected: string) {
  assert.equal(
    segments(text)
      .map((part) => ("box" in part ? `[${part.box}]` : part.text))
      .join(""),
    expected,
  );
}

test("ordinary text stays as it is", () => check('npm test -- "é ü 日本 🎉"', 'npm test -- "é ü 日本 🎉"'));
test("newlines and tabs are visible already", () => check("a\n\tb", "a\n\tb"));
test("escape sequences", () => check("\u001b[2K\rdone\u0007", "[ESC][2K[CR]done[BEL]"));
test("other control characters, by code", () => check("\u0000\u0008\u007f\u0085", "[NUL][BS][DEL][U+0085]"));
test("zero width", () => check("in\u200bst\u200dall\ufeff", "in[U+200B]st[U+200D]all[U+FEFF]"));
test("text that runs the other way", () => check("\u202ehs.txt\u2066x\u061c", "[U+202E]hs.txt[U+2066]x[U+061C]"));
test("tags, which can carry a whole hidden text", () => check("a\u{e0061}\u{e007f}", "a[U+E0061][U+E007F]"));
test("variation selectors", () => check("a\ufe0f\u{e0100}", "a[U+FE0F][U+E0100]"));
test("spaces that are none", () => check("rm\u00a0-rf\u2003/\u3000", "rm[NBSP]-rf[U+2003]/[U+3000]"));
test("letters without a shape", () => check("\u3164\u115f\u2800\u00ad", "[U+3164][U+115F][U+2800][U+00AD]"));
test("line separators", () => check("a\u2028b\u2029c", "a[U+2028]b[U+2029]c"));
test("half a pair", () => check("a\ud83d", "a[U+D83D]"));
test("many of the same are one box that counts them", () => check("a\u200b\u200b\u200bb", "a[U+200B]b"));
test("so many spaces that they push what follows out of sight", () => check(`a${" ".repeat(60)}b`, "a[SPACE]b"));
test("an indentation is none", () => check(`a\n${" ".repeat(40)}b`, `a\n${" ".repeat(40)}b`));
test("a code point that stands for nothing", () => check("a\u{e0fff}b", "a[U+E0FFF]b"));

test("the box says how many, and each of them counts", () => {
  const [, box] = segments("a\u{e0061}\u{e0061}\u{e0061}");
  assert.equal(box && "box" in box && boxWords(box), "U+E0061 ×3");
  assert.equal(hiddenCount("a\u200b\u200bb\u202e"), 3);
});
