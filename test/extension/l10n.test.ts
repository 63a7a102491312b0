import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { readSources } from "../architecture/imports.ts";
import { assertKept } from "../support/golden.ts";
import { saidWords } from "./saidWords.ts";

const root = path.join(import.meta.dirname, "../..");
const found = readSources(root, ["src/extension", "src/host/vscode"]).map(saidWords);

test("what the user sees in the editor is said by l10n.t", () =>
  assert.deepEqual(
    found.flatMap(({ faults }) => faults),
    [],
  ));

test("the bundle for translators has all of it, and nothing else", () => {
  const messages = [...new Set(found.flatMap(({ messages }) => messages))].sort();
  assert.ok(messages.length > 50, "the words were found");
  const bundle = Object.fromEntries(messages.map((message) => [message, message]));
  assertKept(path.join(root, "l10n/bundle.l10n.json"), `${JSON.stringify(bundle, null, 2)}\n`);
});

/** What is wrong with a file of the extension that has this line. */
function check(line: string, expected: string | undefined): void {
  const { faults } = saidWords({ path: "src/extension/x.ts", text: line });
  assert.deepEqual(faults, expected === undefined ? [] : [`src/extension/x.ts: ${expected}`]);
}

test("words by l10n.t", () => check('vscode.l10n.t("{count} files", { count });', undefined));
test("plain words", () => check('item.tooltip = "Go there";', '"Go there" is not said by l10n.t.'));
test("a plain word", () => check('item.text = "Undo";', '"Undo" is not said by l10n.t.'));
test("words around a value", () => check(`item.text = \`\${count} files\`;`, '"{} files" is not said by l10n.t.'));
test("words that are put together", () => check('l10n.t("a " + b);', '"a " + b is not a plain text.'));
test("a value without a place", () => check('l10n.t("Go on", { count });', '"Go on" is given "count".'));
test("a place without a value", () => check('l10n.t("{count} files");', '"{count} files" is given "".'));
