import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumCandidates } from "../../scripts/chromium.ts";

function check(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, first: readonly string[]): void {
  assert.deepEqual(chromiumCandidates(platform, env).slice(0, first.length), first);
}

test("CHROMIUM is taken at its word", () => {
  check("linux", { CHROMIUM: "/opt/chrome", PATH: "/usr/bin" }, ["/opt/chrome"]);
  assert.equal(chromiumCandidates("linux", { CHROMIUM: "/opt/chrome", PATH: "/usr/bin" }).length, 1);
});
test("the PATH comes before the usual folders", () =>
  check("linux", { PATH: "/opt/bin::/usr/bin" }, [
    "/opt/bin/chromium-headless-shell",
    "/usr/bin/chromium-headless-shell",
    "/usr/local/bin/chromium-headless-shell",
    "/snap/bin/chromium-headless-shell",
    "/opt/bin/chromium",
  ]));
test("an empty CHROMIUM is none", () =>
  check("linux", { CHROMIUM: "", PATH: "" }, ["/usr/bin/chromium-headless-shell"]));
test("macOS has applications, the user's too", () =>
  check("darwin", { HOME: "/Users/a" }, [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ]));
test("Windows has program folders", () =>
  check("win32", { ProgramFiles: "C:\\Program Files", LOCALAPPDATA: "C:\\a" }, [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\a\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe",
  ]));
