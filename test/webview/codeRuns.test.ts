import assert from "node:assert/strict";
import { test } from "node:test";
import { highlight } from "../../webview-ui/code/highlight.ts";
import { cutRuns } from "../../webview-ui/code/runs.ts";

/** A styled run is written <style|text>, a new line as ⏎. */
function check(code: string, language: string, expected: string) {
  const lines = highlight(code, language).map((runs) =>
    runs.map(({ text, style }) => (style === "" ? text : `<${style}|${text}>`)).join(""),
  );
  assert.equal(lines.join("⏎"), expected);
}

test("keywords that steer differ from the others", () =>
  check("const a = await f();", "ts", "<keyword|const> a = <control|await> <function|f>();"));
test("strings and numbers", () => check("x = 'a' + 1;", "js", "x = <string|'a'> + <number|1>;"));
test("markup in code stays text", () => check("a < b && '<b>'", "js", "a < b && <string|'<b>'>"));
test("a comment over two lines keeps its style on both", () =>
  check("/* a\nb */ c", "ts", "<comment|/* a>⏎<comment|b */> c"));
test("an expression in a template is code again", () =>
  check(["`a$", "{b}`"].join(""), "ts", ["<string|`a>$", "{b}<string|`>"].join("")));
test("an unknown language is plain", () => check("let a\n\nb", "brainfuck", "let a⏎⏎b"));
test("no language is plain", () => check("let a", "", "let a"));
test("a name for a file type", () => check("let a", "mts", "<keyword|let> a"));
test("too much code is plain", () => {
  const code = "let a;".repeat(20_000);
  check(code, "ts", code);
});

test("runs are cut at the ends of a range", () => {
  const runs = [
    { text: "let ", style: "keyword" },
    { text: "abc", style: "" },
  ];
  assert.deepEqual(cutRuns(runs, { from: 2, to: 5 }), {
    before: [{ text: "le", style: "keyword" }],
    within: "t a",
    after: [{ text: "bc", style: "" }],
  });
});
