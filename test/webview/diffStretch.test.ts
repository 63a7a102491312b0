import assert from "node:assert/strict";
import { test } from "node:test";
import { stretchOf } from "../../webview-ui/diff/stretch.ts";

/** At most 100 characters of a line; what is left out is written as a number, what changed in brackets. */
function check(line: string, words: [number, number] | undefined, expected: string) {
  const range = words && { from: words[0], to: words[1] };
  const { text, before, after, words: shown } = stretchOf(line, range, 100);
  const marks = shown
    ? `${text.slice(0, shown.from)}[${text.slice(shown.from, shown.to)}]${text.slice(shown.to)}`
    : text;
  assert.equal([before || "", marks, after || ""].join("|"), expected);
}

const a = (count: number) => "a".repeat(count);

test("a short line is shown whole", () => check("let x = 1;", [8, 9], "|let x = [1];|"));
test("of a long one its beginning", () => check(a(150), undefined, `|${a(100)}|50`));
test("or where it changed", () => check(`${a(150)}b${a(150)}`, [150, 151], `90|${a(60)}[b]${a(39)}|111`));
test("also where something is gone", () => check(a(300), [250, 250], `190|${a(60)}[]${a(40)}|10`));
test("a change that is longer than that, to where it fits", () =>
  check(a(300), [120, 280], `60|${a(60)}[${a(40)}]|140`));
test("no half of a character at the beginning", () =>
  check(`${a(89)}😀${a(59)}b${a(60)}`, [150, 151], `89|😀${a(59)}[b]${a(38)}|22`));
test("nor at the end", () => check(`${a(99)}😀${a(20)}`, undefined, `|${a(99)}|22`));
