import assert from "node:assert/strict";
import { test } from "node:test";
import { patchGrammar } from "../../../src/core/patch/grammar.ts";
import { parsePatch } from "../../../src/core/patch/parse.ts";
import { patchOf } from "./cases/patchCase.ts";
import { patchCases } from "./cases.ts";

const language = languageOf(patchGrammar);

/** The grammar as one regular expression, which it can be because no rule contains itself. */
function languageOf(grammar: string): RegExp {
  const definitions = new Map(
    grammar
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  const expand = (name: string): string => {
    const definition = definitions.get(name);
    assert.ok(definition !== undefined, `${name} is not defined`);
    return definition.replace(/"((?:\\.|[^"\\])*)"|\/((?:\\.|[^/\\])*)\/|(\w+)|\s+/g, (_, text, pattern, rule) => {
      if (text !== undefined) return `(?:${text.replace(/[*+?.]/g, "\\$&")})`;
      if (pattern !== undefined) return `(?:${pattern})`;
      return rule === undefined ? "" : `(?:${expand(rule)})`;
    });
  };
  return new RegExp(`^${expand("start")}$`);
}

function check(text: string, expected: "in" | "out"): void {
  assert.equal(language.test(text) ? "in" : "out", expected, text);
}

test("add", () => check(patchOf("*** Add File: a", "+1", "+"), "in"));
test("add of an empty file", () => check(patchOf("*** Add File: a"), "in"));
test("delete", () => check(patchOf("*** Delete File: a"), "in"));
test("update", () => check(patchOf("*** Update File: a", "@@", " 1", "-2", "+3", "@@ f", "+4"), "in"));
test("update without the first header", () => check(patchOf("*** Update File: a", "-2", "@@", "+4"), "in"));
test("stacked headers", () => check(patchOf("*** Update File: a", "@@ f", "@@ g", "-2"), "in"));
test("end of file", () => check(patchOf("*** Update File: a", "-2", "*** End of File", "@@", "+1"), "in"));
test("move", () => check(patchOf("*** Update File: a", "*** Move to: b"), "in"));
test("move with hunks", () => check(patchOf("*** Update File: a", "*** Move to: b", "@@", "-1"), "in"));
test("several sections", () =>
  check(patchOf("*** Delete File: a", "*** Add File: b", "+1", "*** Update File: c", "-1"), "in"));
test("no line end at the end", () => check(patchOf("*** Delete File: a").trimEnd(), "in"));
test("no sections", () => check(patchOf(), "out"));
test("no end", () => check("*** Begin Patch\n*** Delete File: a\n", "out"));
test("update without hunks", () => check(patchOf("*** Update File: a"), "out"));
test("header without lines", () => check(patchOf("*** Update File: a", "@@ f"), "out"));
test("unmarked line", () => check(patchOf("*** Update File: a", "@@", "1"), "out"));
test("text after the end", () => check(`${patchOf("*** Delete File: a")}x`, "out"));

test("every patch of the language can be read", () => {
  const strict = patchCases.filter(({ patch }) => patch.length < 10_000 && language.test(patch));
  assert.ok(strict.length > 200);
  for (const { patch } of strict) assert.ok(parsePatch(patch).length > 0);
});
