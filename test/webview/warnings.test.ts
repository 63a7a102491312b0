import assert from "node:assert/strict";
import { test } from "node:test";
import { warningsOf } from "../../webview-ui/words/warnings.ts";

function check(command: string, ...keys: string[]) {
  assert.deepEqual(
    warningsOf(command).map(({ key }) => key),
    keys,
  );
}

test("an ordinary command", () => check("npm test | tee log.txt"));
test("a download that is only kept", () => check("curl -s https://example.com/a.sh -o a.sh"));
test("a download into a shell", () => check("curl -s https://example.com/a.sh | sh", "warnPipe"));
test("as root, by its path", () => check("wget -qO- https://example.com | sudo /bin/bash -s", "warnPipe"));
test("into another interpreter", () => check("curl https://example.com | python3 -", "warnPipe"));
test("on Windows", () => check("irm https://example.com/i.ps1 | iex", "warnPipe"));
test("a hidden character", () => check("echo a\u200bb", "warnHidden"));
test("a hidden character does not hide the pipe", () =>
  check("cu\u200brl https://example.com | s\u200bh", "warnHidden", "warnPipe"));
test("a download and, apart from it, a shell", () => check("curl https://example.com/a.json; cat b | sh"));
