import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../src/describe.ts";
import { parseHours } from "../src/parse.ts";
import { at } from "./at.ts";

const bakery = parseHours("Mo-Fr 06:30-12:30,14:00-18:00; Sa 07:00-13:00");
const bar = parseHours("Fr-Sa 20:00-02:00");

test("says until when it is open", () => {
  assert.equal(describe(bakery, at("Mo 15:00")), "Open until 18:00");
  assert.equal(describe(bar, at("Sa 01:00")), "Open until 02:00");
});

test("says when it opens", () => {
  assert.equal(describe(bakery, at("Mo 13:00")), "Closed, opens Mo 14:00");
  assert.equal(describe(bakery, at("Su 10:00")), "Closed, opens Mo 06:30");
});
