import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor } from "../../../src/core/policy/redact.ts";

const key = 'sk-proj-A1b2/C3d4+"é"';
const base64 = (text: string) => Buffer.from(text).toString("base64");

function check(text: string, expected: string, secrets: readonly (string | undefined)[] = [key]): void {
  assert.equal(createRedactor(secrets)(text), expected);
}

/** Nothing that decodes to a part of the key longer than a few letters is left. */
function checkGone(text: string): void {
  const left = createRedactor([key])(text);
  assert.match(left, /\[redacted\]/);
  assert.ok(left.length < text.length - 10, left);
}

test("cuts the value as it is, every time", () => check(`a ${key} b ${key}`, "a [redacted] b [redacted]"));
test("cuts it URL-encoded", () => check(`?k=${encodeURIComponent(key)}&`, "?k=[redacted]&"));
test("cuts it with lower-case escapes", () =>
  check(
    `?k=${encodeURIComponent(key).replaceAll("%2F", "%2f").replaceAll("%2B", "%2b").replaceAll("%22", "%22").replaceAll("%C3%A9", "%c3%a9")}`,
    "?k=[redacted]",
  ));
test("cuts it inside JSON", () => check(JSON.stringify({ k: key }), '{"k":"[redacted]"}'));
test("cuts it in base64", () => checkGone(base64(key)));
for (const before of ["", "u", "us", "user:", "Bearer "]) {
  test(`cuts it in base64 after ${JSON.stringify(before)}`, () => checkGone(base64(`${before}${key}`)));
  test(`cuts it in base64 after ${JSON.stringify(before)} and before more`, () =>
    checkGone(base64(`${before}${key}:more`)));
}
test("cuts it in URL-safe base64", () => checkGone(Buffer.from(key).toString("base64url")));
test("cuts the longer of two values first", () => check("secret-12345", "[redacted]", ["secret-1", "secret-12345"]));
test("leaves other text alone", () => check("sk-proj-A1b2", "sk-proj-A1b2"));
test("leaves a key that is only a word alone", () => check("ollama serves", "ollama serves", ["ollama"]));
test("takes no value for none", () => check("text", "text", [undefined, ""]));
test("takes signs of regular expressions as they are", () =>
  check("a.c*d+e(f and abcd", "[redacted] and abcd", ["a.c*d+e(f"]));
