import assert from "node:assert/strict";
import { test } from "node:test";
import { OutputRing } from "../../src/host/vscode/outputRing.ts";

function check(maxCharacters: number, chunks: readonly string[], kept: readonly [text: string, isCut: boolean]): void {
  const ring = new OutputRing(maxCharacters);
  for (const chunk of chunks) ring.append(chunk);
  assert.deepEqual([ring.text(), ring.isCut], kept);
}

test("keeps what fits", () => check(6, ["abc", "def"], ["abcdef", false]));
test("keeps the newest and says so", () => check(4, ["abc", "def"], ["cdef", true]));
test("stays within its bound", () => check(2, Array(100).fill("xy"), ["xy", true]));
test("empty at first", () => check(4, [], ["", false]));
