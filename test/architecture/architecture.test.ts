import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { importsOf, readSources } from "./imports.ts";
import { cycles, forbiddenImports } from "./rules.ts";

const root = path.join(import.meta.dirname, "../..");

test("every file imports only what its folder may", () => {
  const sources = readSources(root, ["src", "webview-ui"]);
  assert.ok(sources.length > 20, "the sources were found");
  assert.deepEqual(forbiddenImports(sources.flatMap(importsOf)), []);
});

test("no import cycles, types included", () => {
  assert.deepEqual(cycles(readSources(root, ["src", "webview-ui"]).flatMap(importsOf)), []);
});

/** A violation, planted in a file that does not exist, is found. */
function check(file: string, text: string, expected: string) {
  assert.deepEqual(forbiddenImports(importsOf({ path: file, text })), expected === "" ? [] : [expected]);
}

test("the core may not reach Node", () =>
  check("src/core/x.ts", 'import fs from "node:fs";', "src/core/x.ts must not import node:fs."));
test("nor the editor, not even its types", () =>
  check("src/core/x.ts", 'import type { Uri } from "vscode";', "src/core/x.ts must not import vscode."));
test("nor by a type query", () =>
  check("src/core/x.ts", 'type A = import("vscode").Uri;', "src/core/x.ts must not import vscode."));
test("nor by a dynamic import", () =>
  check("src/core/x.ts", 'await import("openai");', "src/core/x.ts must not import openai."));
test("nor by a re-export", () =>
  check("src/core/x.ts", 'export { a } from "../server/y.ts";', "src/core/x.ts must not import src/server/y.ts."));
test("the model client may use openai", () => check("src/core/model/responses.ts", 'await import("openai");', ""));
test("the panel may not reach the core", () =>
  check("webview-ui/x.ts", 'import "../src/core/agent.ts";', "webview-ui/x.ts must not import src/core/agent.ts."));

test("a planted cycle is found, through a type", () => {
  const sources = [
    { path: "src/core/a.ts", text: 'import type { B } from "./b.ts";' },
    { path: "src/core/b.ts", text: 'import { a } from "./c.ts";' },
    { path: "src/core/c.ts", text: 'export * from "./a.ts";' },
  ];
  assert.deepEqual(cycles(sources.flatMap(importsOf)), [
    "src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts",
  ]);
});
