import assert from "node:assert/strict";
import { test } from "node:test";
import { moment, size } from "../../webview-ui/words/sent.ts";

function checkSize(bytes: number, expected: string) {
  assert.equal(size(bytes), expected);
}
test("bytes", () => checkSize(640, "640 B"));
test("kilobytes with a tenth", () => checkSize(3210, "3.2 kB"));
test("whole kilobytes", () => checkSize(48_200, "48 kB"));
test("megabytes", () => checkSize(1_410_000, "1.4 MB"));

const at = new Date(2026, 2, 12, 14, 2, 31).getTime();
function checkMoment(now: Date, expected: string) {
  assert.equal(moment(at, now.getTime(), "en-GB"), expected);
}
test("today", () => checkMoment(new Date(2026, 2, 12, 23), "14:02:31"));
test("another day", () => checkMoment(new Date(2026, 2, 13, 1), "12 Mar, 14:02:31"));
