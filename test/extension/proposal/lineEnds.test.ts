import assert from "node:assert/strict";
import { test } from "node:test";
import { withLineEnds } from "../../../src/extension/proposal/lineEnds.ts";

function check(text: string, file: string, expected: string): void {
  assert.equal(withLineEnds(text, file), expected);
}

test("line feeds stay", () => check("a\nx\n", "a\nb\n", "a\nx\n"));
test("CRLF comes back", () => check("a\nx\nc\n", "a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\n"));
test("each line keeps its own", () => check("a\nx\nc\nd\n", "a\nb\r\nc\nd\r\n", "a\nx\r\nc\nd\r\n"));
test("new lines have the end of the line above", () => check("a\nx\ny\nb\n", "a\r\nb\n", "a\r\nx\r\ny\r\nb\n"));
test("lines at the start have that of the first", () => check("x\na\n", "a\r\n", "x\r\na\r\n"));
test("the last line loses its end", () => check("a\nb", "a\r\nb\r\n", "a\r\nb"));
test("the last line gets one", () => check("a\nb\n", "a\r\nb", "a\r\nb\r\n"));
test("a line after a last one without an end", () => check("a\nb\nc", "a\r\nb", "a\r\nb\r\nc"));
test("empty lines", () => check("\n\na\n", "a\r\n", "\r\n\r\na\r\n"));
test("of an old Mac", () => check("a\nx\n", "a\rb\r", "a\rx\r"));
test("a new file", () => check("a\nb", "", "a\nb"));
test("all gone", () => check("", "a\r\n", ""));
test("a file of hundreds of thousands of lines", () => {
  const text = "a\n".repeat(200_000);
  check(`${text}b\n`, text.replaceAll("\n", "\r\n"), `${text}b\n`.replaceAll("\n", "\r\n"));
});
