import assert from "node:assert/strict";
import { test } from "node:test";
import { mayWrite } from "../../webview-ui/words/rights.ts";

function check(writableRoots: string[], expected: string) {
  const workspace = { roots: ["/home/ada/acme", "/home/ada/other"], name: "acme" };
  assert.equal(mayWrite({ confined: true, writableRoots, network: "off" }, workspace), expected);
}

test("nothing", () => check([], "Nothing"));
test("the workspace", () => check(["/home/ada/acme", "/tmp"], "acme and the temporary folder"));
test("all of its folders", () =>
  check(["/home/ada/acme", "/home/ada/other", "/tmp"], "acme, other, and the temporary folder"));
test("other folders by their path", () => check(["/home/ada/acme", "/data/cache"], "acme and /data/cache"));
test("a folder below another one adds nothing", () =>
  check(["/home/ada/acme", "/home/ada/acme/src", "/tmp/x", "/tmp"], "acme and the temporary folder"));
test("a workspace within the temporary folder is named all the same", () =>
  assert.equal(
    mayWrite(
      { confined: true, writableRoots: ["/tmp/acme", "/tmp"], network: "off" },
      { roots: ["/tmp/acme"], name: "acme" },
    ),
    "acme and the temporary folder",
  ));
test("on macOS", () => check(["/private/var/folders/x/y/T"], "the temporary folder"));

test("without a sandbox, what the user may", () =>
  assert.equal(
    mayWrite({ confined: false, writableRoots: ["/home/ada/acme"], network: "off" }, { roots: [], name: "" }),
    "Anywhere you can",
  ));
