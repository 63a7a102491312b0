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
