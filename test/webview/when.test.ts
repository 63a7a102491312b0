import assert from "node:assert/strict";
import { test } from "node:test";
import { periodOf, when } from "../../webview-ui/words/when.ts";

const now = new Date(2026, 2, 18, 10, 42).getTime();

function check(at: Date, words: string, period: string) {
  assert.equal(when(at.getTime(), now, "en-GB"), words);
  assert.equal(periodOf(at.getTime(), now), period);
}

test("this minute", () => check(new Date(2026, 2, 18, 10, 41, 30), "now", "today"));
test("this hour", () => check(new Date(2026, 2, 18, 10, 12), "30 min", "today"));
test("earlier today", () => check(new Date(2026, 2, 18, 9, 12), "09:12", "today"));
test("yesterday, though less than a day ago", () => check(new Date(2026, 2, 17, 22, 0), "Tue", "yesterday"));
test("this week", () => check(new Date(2026, 2, 12, 12, 0), "Thu", "lastWeek"));
test("a week ago", () => check(new Date(2026, 2, 11, 9, 0), "11 Mar", "lastWeek"));
test("longer ago", () => check(new Date(2026, 0, 17, 9, 0), "17 Jan", "older"));
test("another year", () => check(new Date(2025, 2, 18, 9, 0), "18 Mar 2025", "older"));
test("a clock that is ahead", () => check(new Date(2026, 2, 18, 10, 43), "now", "today"));
