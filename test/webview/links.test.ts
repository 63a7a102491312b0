import assert from "node:assert/strict";
import { test } from "node:test";
import { codeTarget, type LinkTarget, linkTarget, textTargets } from "../../webview-ui/markdown/links.ts";

/** A target is written as its address, or as path:line:column. */
function written(target: LinkTarget | undefined): string {
  if (!target) return "none";
  if (target.kind === "web") return target.url;
  return [target.path, target.line, target.column].filter((part) => part !== undefined).join(":");
}

function check(kind: "link" | "code" | "text", source: string, expected: string) {
  if (kind === "link") assert.equal(written(linkTarget(source)), expected);
  if (kind === "code") assert.equal(written(codeTarget(source)), expected);
  if (kind === "text") {
    const found = textTargets(source);
    assert.deepEqual(
      found.map(({ from, to }) => source.slice(from, to)),
      expected === "none" ? [] : found.map(({ target }) => written(target)),
    );
    assert.equal(found.map(({ target }) => written(target)).join(" ") || "none", expected);
  }
}

test("a path with a line", () => check("link", "src/app.ts:42", "src/app.ts:42"));
test("a path with line and column", () => check("link", "src/app.ts:42:7", "src/app.ts:42:7"));
test("a path with a range", () => check("link", "src/app.ts:42-50", "src/app.ts:42"));
test("a path with a GitHub line", () => check("link", "src/app.ts#L42-L50", "src/app.ts:42"));
test("a folder", () => check("link", "packages/http", "packages/http"));
test("an absolute path", () => check("link", "/home/ada/a.ts:3", "/home/ada/a.ts:3"));
test("a Windows path", () => check("link", "C:\\code\\a.ts:3", "C:\\code\\a.ts:3"));
test("a file address", () => check("link", "file:///home/ada/a%20b.ts", "/home/ada/a b.ts"));
test("a web page", () => check("link", "https://example.com/a?b#c", "https://example.com/a?b#c"));
test("a web page in plain http", () => check("link", "http://example.com", "http://example.com"));
test("a script", () => check("link", "javascript:alert(1)", "none"));
test("a script in disguise", () => check("link", "java%73cript:alert(1)", "none"));
test("a script with spaces", () => check("link", "  JaVaScRiPt:alert(1)", "none"));
test("a command", () => check("link", "command:workbench.action.quit", "none"));
test("data", () => check("link", "data:text/html,x", "none"));
test("another program's address", () => check("link", "vscode://file/etc/passwd", "none"));
test("mail", () => check("link", "mailto:a@example.com", "none"));
test("another host without a scheme", () => check("link", "//example.com/a", "none"));
test("a place in the page", () => check("link", "#top", "none"));
test("nothing", () => check("link", "", "none"));

test("code with a line", () => check("code", "retry.ts:43", "retry.ts:43"));
test("code with a folder", () => check("code", "src/retry.ts", "src/retry.ts"));
test("code with a name alone is code", () => check("code", "retry.ts", "none"));
test("code that is a call", () => check("code", "vi.fn()", "none"));
test("code that is a number", () => check("code", "412", "none"));
test("code with a folder and no extension", () => check("code", "packages/http", "none"));
test("code that is an address", () => check("code", "https://example.com/a.ts", "none"));
test("code that is a command line", () => check("code", "node src/a.ts", "none"));
test("code that is a member", () => check("code", "a.b/c.d", "none"));

test("a file with a line in text", () => check("text", "See src/backoff.ts:12 too.", "src/backoff.ts:12"));
test("two of them, in brackets", () => check("text", "(a.ts:1, b/c.py:2:3)", "a.ts:1 b/c.py:2:3"));
test("a host and port", () => check("text", "at example.com:443 now", "none"));
test("a time", () => check("text", "at 10.30:15", "none"));
test("inside an address", () => check("text", "https://example.com/a.ts:1", "none"));
test("a file without a line", () => check("text", "in retry.ts here", "none"));
