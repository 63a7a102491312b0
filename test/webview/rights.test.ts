import assert from "node:assert/strict";
import { test } from "node:test";
import { mayWrite } from "../../webview-ui/words/rights.ts";

function check(writableRoots: string[], expected: string) {
  const workspace = { roots: ["/work/acme", "/work/other"], name: "acme" };
  assert.equal(mayWrite({ confined: true, writableRoots, network: "off" }, workspace), expected);
}

test("nothing", () => check([], "Nothing"));
test("the workspace", () => check(["/work/acme", "/tmp"], "acme and the temporary folder"));
test("all of its folders", () => check(["/work/acme", "/work/other", "/tmp"], "acme, other, and the temporary folder"));
test("other folders by their path", () => check(["/work/acme", "/data/cache"], "acme and /data/cache"));
test("a folder below another one adds nothing", () =>
  check(["/work/acme", "/work/acme/src", "/tmp/x", "/tmp"], "acme and the temporary folder"));
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
    mayWrite({ confined: false, writableRoots: ["/work/acme"], network: "off" }, { roots: [], name: "" }),
    "Anywhere you can",
  ));
