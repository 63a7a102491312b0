import assert from "node:assert/strict";
import { test } from "node:test";
import { OutputRing } from "../../src/host/vscode/outputRing.ts";

function check(maxCharacters: number, chunks: readonly string[], expected: string): void {
  const ring = new OutputRing(maxCharacters);
  for (const chunk of chunks) ring.append(chunk);
  assert.equal(ring.text(), expected);
}

test("keeps what fits", () => check(6, ["abc", "def"], "abcdef"));
test("keeps the newest and says so", () => check(4, ["abc", "def"], "[Older output is not kept here.]\ncdef"));
test("stays within its bound", () => check(2, Array(100).fill("xy"), "[Older output is not kept here.]\nxy"));
test("empty at first", () => check(4, [], ""));
