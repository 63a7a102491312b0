import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import picomatch from "picomatch";

const rules = fs
  .readFileSync(path.join(import.meta.dirname, "../../.vscodeignore"), "utf8")
  .trim()
  .split("\n");
const [first, ...kept] = rules;

/** Whether a file goes into the extension's package: everything is left out but what is named. */
function check(file: string, expected: boolean) {
  assert.equal(first, "**");
  assert.ok(kept.every((rule) => rule.startsWith("!")));
  assert.equal(
    kept.map((rule) => rule.slice(1)).some((pattern) => picomatch.isMatch(file, pattern, { dot: true })),
    expected,
  );
}

test("the extension is packaged", () => check("dist/extension.cjs", true));
test("the panel, too", () => check("dist/webview.js", true));
test("what reads command lines, too", () => check("dist/tree-sitter-bash.wasm", true));
test("the words, too", () => check("l10n/bundle.l10n.json", true));
test("and those of another language", () => check("l10n/bundle.l10n.de.json", true));
test("and the manifest's in it", () => check("package.nls.de.json", true));
test("pictures, too", () => check("media/icon.png", true));
test("not the command line, which it does not need", () => check("dist/cli.js", false));
test("nor what starts that", () => check("bin/patchwright.mjs", false));
test("nor any source", () => check("src/extension/extension.ts", false));
