import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiffLine } from "../../webview-ui/diff/parse.ts";
import { changedWords } from "../../webview-ui/diff/words.ts";

/** Lines with their sign; what changed inside a line comes out in brackets. */
function check(lines: string[], expected: string[]) {
  const parsed = lines.map((line, at): DiffLine => ({ sign: line[0] as "+", number: at + 1, text: line.slice(1) }));
  const ranges = changedWords(parsed);
  const written = lines.map((line, at) => {
    const range = ranges.get(at);
    if (!range || range.from === range.to) return line;
    const text = line.slice(1);
    return `${line[0]}${text.slice(0, range.from)}[${text.slice(range.from, range.to)}]${text.slice(range.to)}`;
  });
  assert.deepEqual(written, expected);
}

test("something added inside a line", () =>
  check(["-let t: Timeout;", "+let t: Timeout | undefined;"], ["-let t: Timeout;", "+let t: Timeout[ | undefined];"]));

test("a word replaced, not some of its letters", () =>
  check(["-return counter + 1;", "+return counted + 1;"], ["-return [counter] + 1;", "+return [counted] + 1;"]));

test("a removed line is paired with the added one that resembles it", () =>
  check(
    ["-  timer = setTimeout(next, delay);", "+  clearTimeout(timer);", "+  timer = setTimeout(next, delay).unref();"],
    ["-  timer = setTimeout(next, delay);", "+  clearTimeout(timer);", "+  timer = setTimeout(next, delay)[.unref()];"],
  ));

test("lines that have nothing in common are not marked", () =>
  check(["-import a from 'b';", "+export const x = 42;"], ["-import a from 'b';", "+export const x = 42;"]));

test("the same indentation does not make lines alike", () =>
  check(["-                a", "+                b + c"], ["-                a", "+                b + c"]));

test("context parts the blocks", () => check(["-a = 1;", " x", "+a = 2;"], ["-a = 1;", " x", "+a = 2;"]));
test("only added lines", () => check(["+a", "+b"], ["+a", "+b"]));
test("added before removed is no change of a line", () => check(["+a = 1;", "-a = 2;"], ["+a = 1;", "-a = 2;"]));

test("a block of many lines is left alone", () => {
  const lines = [...Array(30).fill("-a = 1;"), ...Array(30).fill("+a = 2;")];
  check(lines, lines);
});
