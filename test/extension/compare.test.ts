import assert from "node:assert/strict";
import { test } from "node:test";
import { hasOnlyLineEnd, pathKey } from "../../src/host/vscode/compare.ts";
import { ripgrepPlaces } from "../../src/host/vscode/ripgrepPlaces.ts";

function checkKeys(platform: string, left: string, right: string, same: boolean): void {
  assert.equal(pathKey(left, platform) === pathKey(right, platform), same);
}

test("drive letters and slashes", () => checkKeys("win32", "C:\\Work\\a.ts", "c:/work/A.ts", true));
test("case on macOS", () => checkKeys("darwin", "/Work/A.ts", "/work/a.ts", true));
test("accents on macOS", () => checkKeys("darwin", "/caf\u00e9", "/cafe\u0301", true));
test("case on Linux", () => checkKeys("linux", "/work/A.ts", "/work/a.ts", false));

function checkEnds(text: string, lineEnd: "\n" | "\r\n", expected: boolean): void {
  assert.equal(hasOnlyLineEnd(text, lineEnd), expected);
}

test("LF only", () => checkEnds("a\nb\n", "\n", true));
test("CRLF only", () => checkEnds("a\r\nb", "\r\n", true));
test("mixed", () => checkEnds("a\r\nb\n", "\r\n", false));
test("a lone CR", () => checkEnds("a\rb\n", "\n", false));
test("none at all", () => checkEnds("a", "\r\n", true));

function checkRipgrep(platform: string, expected: string): void {
  assert.equal(ripgrepPlaces(platform, "x64")[0], expected);
}

test("ripgrep on Linux", () => checkRipgrep("linux", "node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg"));
test("ripgrep on Windows", () => checkRipgrep("win32", "node_modules/@vscode/ripgrep-universal/bin/win32-x64/rg.exe"));
