import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { revealed, sanitizeForDisplay, sanitizeLine } from "../../src/protocol/sanitizeForDisplay.ts";

function check(text: string, expected: string): void {
  assert.equal(sanitizeForDisplay(text), expected);
}

test("ordinary text", () => check('npm test -- "é ü 日本 Ελλ" \\u{1}', 'npm test -- "é ü 日本 Ελλ" \\u{1}'));
test("colours and the cursor are left out", () => check("\x1b[1;31mred\x1b[0m\x1b[2K\x1b[1Gx", "redx"));
test("so are titles, links, the clipboard and pictures", () =>
  check(
    "\x1b]0;t\x07a\x1b]52;c;aGk=\x1b\\b\x1b]8;;http://x\x1b\\c\x1b]8;;\x07d\x1bPq#0\x1b\\e\x1b_Gf\x1b\\f",
    "abcdef",
  ));
test("and the same in their one-character form", () => check("\x9b31ma\x9d0;t\x9cb\x90q\x9cc", "abc"));
test("short sequences", () => check("\x1bca\x1b(Bb\x1b7c", "abc"));
test("one that never ends is named, and hides nothing", () => check("a\x1b]0;rm -rf", "a\\u{1B}]0;rm -rf"));
test("what is left makes no new sequence", () => check("\x1b\x1b[0m[31m", "\\u{1B}[31m"));
test("text that runs the other way", () =>
  check("\u202ehs.txt\u2066x\u061c\u200f", "\\u{202E}hs.txt\\u{2066}x\\u{61C}\\u{200F}"));
test("zero width", () => check("in\u200bst\u200dall\ufeff", "in\\u{200B}st\\u{200D}all\\u{FEFF}"));
test("tags, which can carry a whole hidden text", () => check("a\u{e0061}\u{e007f}", "a\\u{E0061}\\u{E007F}"));
test("variation selectors that hide", () => check("a\ufe0f\u{e0100}", "a\\u{FE0F}\\u{E0100}"));
test("letters without a shape", () => check("\u3164\u2800\u00ad", "\\u{3164}\\u{2800}\\u{AD}"));
test("half a pair", () => check("a\ud83d", "a\\u{D83D}"));
test("other control characters", () => check("\0\x08\x7f\x85", "\\u{0}\\u{8}\\u{7F}\\u{85}"));
test("line ends and tabs", () => check("a\r\nb\n\tc\rd\u2028e", "a\nb\n\tc\nd\\u{2028}e"));
test("pictures of several parts", () => check("👩‍👩‍👧 ❤️ 1️⃣ 👍🏽 🏳️‍🌈", "👩‍👩‍👧 ❤️ 1️⃣ 👍🏽 🏳️‍🌈"));
test("a joiner too many is none", () => check("👩\u200d\u200d👧", "👩\\u{200D}\\u{200D}👧"));
test("scripts that join", () => check("می‌خواهم क्‍ष", "می‌خواهم क्‍ष"));
test("spaces of prose", () => check("10\u00a0km\u3000", "10\u00a0km\u3000"));

test("what is asked keeps every byte", () =>
  assert.equal(
    revealed("rm\u00a0-rf /\x1b[8m\r\n\t👩‍👧\u202e"),
    "rm\\u{A0}-rf /\\u{1B}[8m\\u{D}\n\t👩\\u{200D}👧\\u{202E}",
  ));
test("a name is one line", () => assert.equal(sanitizeLine("a\n\x1b[31m.ts"), "a\\u{A}\\u{1B}[31m.ts"));
test("of bounded length", () => assert.equal(sanitizeLine("a".repeat(1e6), 10), "aaaaaaaaa…"));
/** What no terminal, panel or editor is to get: apart from \n and \t, and what prose is made of. */
const HIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u3164\u2800\u{e0000}-\u{e0fff}]/u;
const spiced = fc.array(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "\x1b",
      "\x1b[",
      "\x1b]",
      "\x9d",
      "\x9b",
      "\x07",
      "\x1b\\",
      "\r",
      "\u202e",
      "\u200d",
      "👩",
      "\ufe0f",
    ),
    fc.constantFrom("0;t", "31m", "P", "_", "[", "word", "\u{e0041}", "\ud800", "ی", "\n"),
  ),
);
const text = spiced.map((parts) => parts.join(""));

test("nothing hidden comes through", () => {
  fc.assert(
    fc.property(text, (given) => {
      assert.doesNotMatch(sanitizeForDisplay(given).replace(/[\n\t]/g, ""), HIDDEN);
      assert.doesNotMatch(revealed(given).replace(/[\n\t]/g, ""), HIDDEN);
      assert.doesNotMatch(sanitizeLine(given), HIDDEN);
    }),
    { numRuns: 2000 },
  );
});
test("doing it again changes nothing", () => {
  fc.assert(
    fc.property(text, (given) => {
      for (const make of [sanitizeForDisplay, revealed, (one: string) => sanitizeLine(one, 20)])
        assert.equal(make(make(given)), make(given));
    }),
    { numRuns: 1000 },
  );
});
test("what is asked loses no letter, in their order", () => {
  fc.assert(
    fc.property(text, (given) => {
      const undone = revealed(given).replace(/\\u\{([0-9A-F]+)\}/g, (_, code) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      );
      assert.equal(undone, given);
    }),
  );
});
const visible = fc.string({ unit: fc.constantFrom(..."abc XYZ019[];:~日é👍\n\t") });
test("visible text comes through as it is", () => {
  fc.assert(fc.property(visible, (given) => assert.equal(sanitizeForDisplay(given), given)));
});

/** A quadratic search takes minutes here. */
for (const unit of ["\u202e", "\x1b", "\x1b]", "\x1b[0", "\x9d", "\x9b0", "👩\u200d", "\x1b( ", "a\r", "\x1b]0;t"]) {
  test(`a long text of ${JSON.stringify(unit)} takes no longer than its length`, { timeout: 20_000 }, () => {
    const long = unit.repeat(300_000 / unit.length);
    for (const make of [sanitizeForDisplay, revealed]) make(long);
  });
}
