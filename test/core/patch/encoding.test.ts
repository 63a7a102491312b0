import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText, encodeText } from "../../../src/core/patch/encoding.ts";
import {
  bytesOf,
  joined,
  latin1,
  utf8,
  utf8Mark,
  utf16be,
  utf16beMark,
  utf16le,
  utf16leMark,
} from "./cases/patchCase.ts";

/** `expected` is the encoding, the length of the mark and the text; and the text encodes to the same bytes again. */
function check(bytes: Uint8Array, expected: readonly [string, number, string] | "binary"): void {
  const decoded = decodeText(bytes);
  assert.deepEqual(
    decoded && [decoded.encoding, decoded.markLength, decoded.text],
    expected === "binary" ? undefined : expected,
  );
  if (decoded === undefined) return;
  assert.deepEqual(encodeText(decoded.text, decoded.encoding, "a.txt"), bytes.slice(decoded.markLength));
}

test("empty", () => check(bytesOf(), ["utf-8", 0, ""]));
test("ASCII", () => check(utf8("a\r\n"), ["utf-8", 0, "a\r\n"]));
test("UTF-8", () => check(utf8("é😀"), ["utf-8", 0, "é😀"]));
test("UTF-8 with mark", () => check(joined(utf8Mark, utf8("é")), ["utf-8", 3, "é"]));
test("UTF-8 with two marks", () => check(joined(utf8Mark, utf8Mark), ["utf-8", 3, "\ufeff"]));
test("part of a UTF-8 mark", () => check(bytesOf(0xef, 0xbb), ["latin1", 0, "ï»"]));
test("latin1", () => check(latin1("caf\xe9"), ["latin1", 0, "café"]));
test("latin1 controls", () => check(bytesOf(0x80, 0x9f), ["latin1", 0, "\x80\x9f"]));
test("latin1 after a UTF-8 mark", () => check(joined(utf8Mark, latin1("\xe9")), ["latin1", 3, "é"]));
test("latin1, long", () => check(latin1("\xe9".repeat(20_000)), ["latin1", 0, "é".repeat(20_000)]));
test("UTF-8 surrogate is latin1", () => check(bytesOf(0xed, 0xa0, 0x80), ["latin1", 0, "í\xa0\x80"]));
test("UTF-16LE with mark", () => check(joined(utf16leMark, utf16le("é😀")), ["utf-16le", 2, "é😀"]));
test("UTF-16BE with mark", () => check(joined(utf16beMark, utf16be("é😀")), ["utf-16be", 2, "é😀"]));
test("UTF-16LE", () => check(utf16le("a\r\n\té"), ["utf-16le", 0, "a\r\n\té"]));
test("UTF-16LE, one letter", () => check(utf16le("a"), ["utf-16le", 0, "a"]));
test("UTF-16LE, Chinese with line feeds", () =>
  check(utf16le("一二\n三四\n五\n"), ["utf-16le", 0, "一二\n三四\n五\n"]));
test("UTF-16BE without mark", () => check(utf16be("ab\n"), "binary"));
test("UTF-16BE without mark, as many zeros on either side", () => check(utf16be("a一"), "binary"));
test("UTF-16LE with NUL", () => check(joined(utf16leMark, utf16le("a\0")), "binary"));
test("UTF-16LE of odd length", () => check(joined(utf16leMark, bytesOf(0x61)), "binary"));
test("no mark, odd length", () => check(bytesOf(0x61, 0, 0x62), "binary"));
test("no mark, half a pair", () => check(bytesOf(0x61, 0, 0x0a, 0, 0x62, 0, 0x00, 0xd8), "binary"));
test("no mark, control characters", () => check(bytesOf(0x61, 0, 0x01, 0), "binary"));
test("no mark, unassigned characters", () => check(bytesOf(0x61, 0, 0x62, 0, 0xff, 0xff), "binary"));
test("little-endian numbers", () => check(bytesOf(0x20, 0x4e, 0, 0, 0x10, 0x27, 0, 0), "binary"));
