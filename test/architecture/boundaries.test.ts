import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { readSources } from "./imports.ts";

const sources = readSources(path.join(import.meta.dirname, "../.."), ["src", "webview-ui"]);

/** Only these files contain the pattern, and each of them does: what everything must go through has no way around it. */
function check(name: string, pattern: RegExp, files: readonly string[]): void {
  test(name, () => {
    const found = sources.filter(({ text }) => pattern.test(text)).map((source) => source.path);
    assert.deepEqual(found.sort(), [...files].sort());
  });
}

check("notifications go through one place, which takes links and hidden characters out", /\.show\w+Message\(/, [
  "src/extension/notices.ts",
]);
check("so does what the command line says", /stderr\.write\(/, [
  "src/cli/log.ts",
  // Part of a confined command, whose output it is.
  "src/host/node/network/forwarder.ts",
]);
check("terminals of commands get filtered output and a title of visible characters", /createTerminal\(/, [
  "src/host/vscode/commandTerminals.ts",
  // The user's own, with a title of ours.
  "src/host/vscode/userTerminals.ts",
]);
check("the user's files are written where they were judged to lead, and nowhere else", /(files|disk)\.apply\(/, [
  "src/core/review/restore.ts",
  "src/core/review/undo.ts",
  "src/core/tools/applyPlanned.ts",
  // Passes on what it is given.
  "src/host/node/sandbox/knownEdits.ts",
  "src/host/vscode/applyEdits.ts",
  "src/host/vscode/vscodeHost.ts",
]);
check("and each of these says where that is", /landings/, [
  "src/core/callApproval.ts",
  "src/core/policy/classifyPath.ts",
  "src/core/review/restore.ts",
  "src/core/review/undo.ts",
  "src/core/tools/applyPatch.ts",
  "src/core/tools/applyPlanned.ts",
  "src/core/tools/readAsJudged.ts",
  "src/core/tools/tool.ts",
  "src/host/files.ts",
  "src/host/node/apply.ts",
  "src/host/node/editPlan.ts",
  "src/host/node/sandbox/knownEdits.ts",
  "src/host/vscode/applyEdits.ts",
  "src/host/vscode/vscodeHost.ts",
]);
