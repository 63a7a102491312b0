import assert from "node:assert/strict";
import { test } from "node:test";
import { isOpen } from "../src/isOpen.ts";
import { parseHours } from "../src/parse.ts";
import { at } from "./at.ts";

const bakery = parseHours("Mo-Fr 06:30-12:30,14:00-18:00; Sa 07:00-13:00");
const bar = parseHours("Fr-Sa 20:00-02:00");

test("is open between opening and closing", () => {
  assert.equal(isOpen(bakery, at("Mo 09:00")), true);
  assert.equal(isOpen(bakery, at("Mo 13:00")), false);
  assert.equal(isOpen(bakery, at("Su 09:00")), false);
});

test("is open from the minute it opens", () => {
  assert.equal(isOpen(bakery, at("Sa 06:59")), false);
  assert.equal(isOpen(bakery, at("Sa 07:00")), true);
});

test("is closed from the minute it closes", () => {
  assert.equal(isOpen(bakery, at("Mo 17:59")), true);
  assert.equal(isOpen(bakery, at("Mo 18:00")), false);
});

test("stays open past midnight", () => {
  assert.equal(isOpen(bar, at("Fr 23:00")), true);
  assert.equal(isOpen(bar, at("Su 01:59")), true);
  assert.equal(isOpen(bar, at("Su 02:00")), false);
});
