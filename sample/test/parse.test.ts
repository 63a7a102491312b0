import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHours } from "../src/parse.ts";

test("reads a day with two ranges", () => {
  const hours = parseHours("Mo 06:30-12:30,14:00-18:00");
  assert.deepEqual(hours.Mo, [
    { opens: 390, closes: 750 },
    { opens: 840, closes: 1080 },
  ]);
  assert.deepEqual(hours.Tu, []);
});

test("a span of days may run over the end of the week", () => {
  const hours = parseHours("Sa-Mo 10:00-12:00");
  const open = Object.entries(hours).filter(([, ranges]) => ranges.length > 0);
  assert.deepEqual(open.map(([day]) => day), ["Mo", "Sa", "Su"]);
});

test("sorts the ranges of a day", () => {
  const hours = parseHours("Fr 20:00-02:00; Mo-Fr 09:00-17:00");
  assert.deepEqual(hours.Fr.map((range) => range.opens), [540, 1200]);
});

for (const text of ["Mo", "Xx 09:00-17:00", "Mo 09:00", "Mo 9:00-17:00", "Mo 09:00-24:01", "Mo 09:60-17:00"]) {
  test(`refuses "${text}"`, () => assert.throws(() => parseHours(text), RangeError));
}
