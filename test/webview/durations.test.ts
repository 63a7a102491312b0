import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, duration, wholeDuration } from "../../webview-ui/words/durations.ts";

const forms = { clock, duration, wholeDuration };

function check(form: keyof typeof forms, lines: Record<number, string>) {
  for (const [ms, words] of Object.entries(lines)) assert.equal(forms[form](Number(ms)), words, `${form}(${ms})`);
}

test("says how long something took, with tenths while they matter", () =>
  check("duration", {
    0: "0 s",
    90: "0.1 s",
    3400: "3.4 s",
    6000: "6 s",
    9949: "9.9 s",
    9960: "10 s",
    21000: "21 s",
    59600: "1 min",
    112000: "1 min 52 s",
    7500000: "2 h 5 min",
  }));

test("says in whole seconds how long thinking took, at least one", () =>
  check("wholeDuration", { 20: "1 s", 5600: "6 s", 60000: "1 min", 3600000: "1 h" }));

test("counts up like a clock", () =>
  check("clock", { 0: "0:00", 999: "0:00", 42000: "0:42", 754000: "12:34", 3723000: "1:02:03" }));

test("never runs backwards when two machines' clocks differ", () => {
  check("clock", { [-5000]: "0:00" });
  check("duration", { [-5000]: "0 s" });
});
