import assert from "node:assert/strict";
import { test } from "node:test";
import { OutputTail } from "../../webview-ui/words/tail.ts";

/** Reads texts one after the other with one reader, as an output grows; the last reading counts. */
function check(texts: string[], limit: number, total: number, lines: string[]) {
  const tail = new OutputTail();
  const readings = texts.map((text) => tail.read(text, limit));
  assert.deepEqual(readings.at(-1), { total, lines });
}

test("nothing yet", () => check([""], 4, 0, []));
test("fewer lines than asked for", () => check(["a\nb\n"], 4, 2, ["a", "b"]));
test("only the last ones", () => check(["a\nb\nc\nd\ne\n"], 2, 5, ["d", "e"]));
test("an unfinished line counts", () => check(["a\nb"], 1, 2, ["b"]));
test("empty lines count", () => check(["a\n\n\n"], 4, 3, ["a", "", ""]));
test("grown by half a line", () => check(["a\nb", "a\nbc\nd"], 4, 3, ["a", "bc", "d"]));
test("grown by a newline", () => check(["a", "a\n", "a\n\n"], 4, 2, ["a", ""]));
test("replaced by a shorter text", () => check(["a\nb\nc\n", "x\n"], 4, 1, ["x"]));
test("replaced by a longer one", () => check(["a\nb\n", "x\ny\nz\n"], 4, 3, ["x", "y", "z"]));

test("a long output is not walked again with each line", () => {
  const tail = new OutputTail();
  let text = "line\n".repeat(200_000);
  tail.read(text, 4);
  const searched: number[] = [];
  for (let at = 0; at < 5; at++) {
    text += `new ${at}\n`;
    const counting = Object.assign(Object(text), {
      indexOf: (what: string, from: number) => {
        searched.push(text.length - from);
        return text.indexOf(what, from);
      },
    });
    tail.read(counting, 4);
  }
  assert.ok(searched.length > 0 && Math.max(...searched) <= 12, `looked back over ${Math.max(...searched)} characters`);
});
