import assert from "node:assert/strict";
import { test } from "node:test";
import { nextOpening } from "../src/nextOpening.ts";
import { parseHours } from "../src/parse.ts";
import { at } from "./at.ts";

const bakery = parseHours("Mo-Fr 06:30-12:30,14:00-18:00; Sa 07:00-13:00");

test("opens again after the midday break", () => {
  assert.deepEqual(nextOpening(bakery, at("We 12:45")), at("We 14:00"));
});

test("skips the days on which it is closed", () => {
  assert.deepEqual(nextOpening(bakery, at("Sa 13:30")), at("Mo 06:30"));
});

test("comes round to the same day of the next week", () => {
  const market = parseHours("Th 08:00-12:00");
  assert.deepEqual(nextOpening(market, at("Th 08:00")), at("Th 08:00"));
});
