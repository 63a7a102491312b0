import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonLine } from "../../src/cli/jsonLine.ts";

function check(value: unknown, line: string): void {
  assert.equal(jsonLine(value), `${line}\n`);
  assert.deepEqual(JSON.parse(line), value);
}

test("a terminal's own characters are escapes", () => check("\u009b31m\u0085\u007f", '"\\u009b31m\\u0085\\u007f"'));
test("so is what turns the direction around, in names too", () => check({ "a\u202eb": 1 }, '{"a\\u202eb":1}'));
test("and what takes two units", () => check(["\u{e0041}"], '["\\udb40\\udc41"]'));
test("what JSON escapes by itself stays so", () => check('\u001b[1m"\n\\', '"\\u001b[1m\\"\\n\\\\"'));
test("letters and pictures stay letters", () => check("\u00e9\u5b57\u{1f600} a\tb", '"\u00e9\u5b57\u{1f600} a\\tb"'));
test("a backslash before a hidden character does not swallow it", () => check("\\\u202e", '"\\\\\\u202e"'));

test("every character that has a meaning is read as it was, and none steers a terminal", () => {
  let text = "";
  for (let code = 0; code < 0xe000; code++) text += String.fromCharCode(code);
  for (let code = 0xf900; code < 0x1_0000; code++) text += String.fromCharCode(code);
  for (let code = 0xe_0000; code < 0xe_0200; code++) text += String.fromCodePoint(code);
  const line = jsonLine(text);
  assert.equal(JSON.parse(line), text);
  assert.doesNotMatch(line.slice(0, -1), /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
});
