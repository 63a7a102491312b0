import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedText, truncate } from "../../../src/core/tools/boundedText.ts";
import { byteLength, headOf, tailOf } from "../../../src/core/tools/bytes.ts";

const gap = (bytes: number) => `<${bytes}>`;

/** The text in chunks of every size gives the same, and at most so many bytes. */
function check(text: string, maxBytes: number, expected: string) {
  for (const size of [1, 2, 3, 7, text.length || 1]) {
    const bounded = new BoundedText(maxBytes);
    const points = [...text];
    for (let at = 0; at < points.length; at += size) bounded.append(points.slice(at, at + size).join(""));
    const shown = bounded.toText(gap);
    assert.equal(shown, expected, `in chunks of ${size}`);
    assert.ok(byteLength(shown.replace(/<\d+>/, "")) <= maxBytes + 1);
  }
}

test("nothing", () => check("", 10, ""));
test("what fits", () => check("0123456789", 10, "0123456789"));
test("one byte too much", () => check("0123456789a", 10, "01234<1>6789a"));
test("whole characters of several bytes", () => check("äöüäöüäöü", 10, "äö<10>öü"));
test("whole characters of two units", () => check("😀😁😂😃😄", 10, "😀<12>😄"));

test("cuts fall between lines", () => {
  const bounded = new BoundedText(20);
  bounded.append("one\ntwo\r\nthree\nfour\nfive\nsix\n");
  assert.equal(bounded.toText(gap), "one\ntwo\r\n<11>five\nsix\n");
  assert.equal(bounded.lines, 6);
});
test("an unfinished line counts", () => {
  const bounded = new BoundedText(20);
  for (const text of ["a\nb", "c\n", "", "d"]) bounded.append(text);
  assert.equal(bounded.lines, 3);
});
test("shown shorter than it is kept", () => {
  const bounded = new BoundedText(100);
  bounded.append("0123456789".repeat(3));
  assert.deepEqual([bounded.isCut(), bounded.isCut(30), bounded.isCut(10)], [false, false, true]);
  assert.equal(bounded.toText(gap, 10), "01234<20>56789");
  bounded.append("x".repeat(1000));
  assert.equal(bounded.toText(gap, 10), "01234<1020>xxxxx");
});
test("lone halves of a character stay valid text", () => {
  const bounded = new BoundedText(8);
  for (const half of "😀😀😀😀😀".split("")) bounded.append(half);
  assert.ok(byteLength(bounded.toText(gap)) < 40);
});
test("100 MB in small chunks stays small", () => {
  const bounded = new BoundedText(256 * 1024);
  const chunk = `${"x".repeat(1023)}\n`.repeat(8);
  for (let sent = 0; sent < 100 * 1024 * 1024; sent += chunk.length) bounded.append(chunk);
  const shown = bounded.toText(gap);
  assert.ok(shown.length <= 256 * 1024 + 20);
  assert.equal(bounded.lines, 100 * 1024);
});
test("tiny chunks are quick too", () => {
  const bounded = new BoundedText(256 * 1024);
  for (let sent = 0; sent < 200_000; sent++) bounded.append("abc");
  assert.equal(bounded.toText(gap).length, 256 * 1024 + `<${600_000 - 256 * 1024}>`.length);
});

test("truncated for the model, with the lines and tokens left out", () => {
  const text = Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join("");
  const shown = truncate(text);
  assert.match(
    shown,
    /^Total output lines: 20000\n\nline 0\nline 1\n.*\n\.\.\.\d+ tokens truncated\.\.\.line \d+\n.*line 19999\n$/s,
  );
  assert.ok(byteLength(shown) < 40_100);
  assert.equal(truncate("short"), "short");
});

const heads: [string, number, string][] = [
  ["abc", 3, "abc"],
  ["abc", 0, ""],
  ["abc", -1, ""],
  ["äb", 1, ""],
  ["äb", 2, "ä"],
  ["a😀", 4, "a"],
  ["a😀", 5, "a😀"],
  ["one\ntwo", 6, "one\n"],
  ["o\nabcdefgh", 8, "o\nabcdef"],
];
for (const [text, maxBytes, expected] of heads) {
  test(`the first ${maxBytes} bytes of ${JSON.stringify(text)}`, () => assert.equal(headOf(text, maxBytes), expected));
}
const tails: [string, number, string][] = [
  ["abc", 3, "abc"],
  ["abc", 0, ""],
  ["bä", 1, ""],
  ["bä", 2, "ä"],
  ["😀a", 4, "a"],
  ["😀a", 5, "😀a"],
  ["one\ntwo", 4, "two"],
  ["abcdefgh\no", 8, "cdefgh\no"],
];
for (const [text, maxBytes, expected] of tails) {
  test(`the last ${maxBytes} bytes of ${JSON.stringify(text)}`, () => assert.equal(tailOf(text, maxBytes), expected));
}
