import assert from "node:assert/strict";
import { test } from "node:test";
import { numberLines } from "../../../src/core/tools/readFile.ts";

const check = (text: string, place: { offset?: number; limit?: number }, expected: string) =>
  assert.equal(numberLines(text, { offset: 1, limit: 2000, ...place }), expected);

test("numbers lines from 1", () => check("a\nb", {}, "1\ta\n2\tb"));
test("a final line end makes no line", () => check("a\nb\n", {}, "1\ta\n2\tb"));
test("an empty last line does", () => check("a\n\n", {}, "1\ta\n2\t"));
test("without carriage returns", () => check("a\r\nb\r\n", {}, "1\ta\n2\tb"));
test("an empty file", () => check("", {}, "(The file is empty.)"));
test("from an offset", () => check("a\nb\nc", { offset: 2 }, "2\tb\n3\tc"));
test("says how to continue when cut", () =>
  check("a\nb\nc", { limit: 2 }, "1\ta\n2\tb\n(1 more lines; continue with offset 3)"));
test("an offset past the end", () => check("a\nb", { offset: 3 }, "(The file has only 2 lines.)"));
test("a long line is shortened", () =>
  check("x".repeat(2500), {}, `1\t${"x".repeat(2000)}... (500 more characters in this line)`));
test("never inside a character", () =>
  check(`x${"😀".repeat(600)}`, {}, `1\tx${"😀".repeat(499)}... (202 more characters in this line)`));
