import assert from "node:assert/strict";
import { test } from "node:test";
import { contextPercent, tokens } from "../../webview-ui/words/tokens.ts";

function check(count: number, words: string) {
  assert.equal(tokens(count), words);
}

test("few tokens are counted", () => check(640, "640"));
test("thousands have one decimal", () => check(8240, "8.2k"));
test("a round thousand keeps its decimal", () => check(1000, "1.0k"));
test("from ten thousand on they have none", () => check(9960, "10k"));
test("a whole window", () => check(200_000, "200k"));
test("millions", () => check(1_240_000, "1.2M"));
test("just below a million", () => check(999_600, "1.0M"));

test("the context's share is a whole percentage from 0 to 100", () => {
  assert.deepEqual(
    [contextPercent(76_000, 200_000), contextPercent(-1, 10), contextPercent(30, 20), contextPercent(5, null)],
    [38, 0, 100, undefined],
  );
});
