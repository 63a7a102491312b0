import assert from "node:assert/strict";
import { test } from "node:test";
import { outputRuns } from "../../webview-ui/words/ansi.ts";

/** A styled run is written <style|text>. */
function check(line: string, expected: string) {
  const written = outputRuns(line).map(({ text, style }) => (style === "" ? text : `<${style}|${text}>`));
  assert.equal(written.join(""), expected);
}

test("plain", () => check("ok", "ok"));
test("a colour and its end", () => check("\u001b[32m✓\u001b[39m run", "<green|✓> run"));
test("bold in a colour, then nothing", () => check("\u001b[1;31mFAIL\u001b[0m x", "<bold red|FAIL> x"));
test("bright colours are colours, bright black is dim", () => check("\u001b[92ma\u001b[90mb", "<green|a><dim|b>"));
test("a reset without a number", () => check("\u001b[33ma\u001b[mb", "<yellow|a>b"));
test("a background is dropped", () => check("\u001b[41mred?\u001b[49m", "red?"));
test("256 colours and true colours are dropped whole", () => check("\u001b[38;5;1ma\u001b[38;2;1;2;3mb", "ab"));
test("cursor movement is dropped", () => check("a\u001b[2K\u001b[1Gb", "ab"));
test("a carriage return starts the line anew", () => check("10%\r50%\r100%", "100%"));
test("a carriage return at the end belongs to the line end", () => check("done\r", "done"));
test("titles and links are dropped", () => {
  check("\u001b]0;title\u0007a", "a");
  check("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link");
});
test("an unfinished escape is dropped", () => check("a\u001b]0;never ends", "a"));
