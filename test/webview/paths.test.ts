import assert from "node:assert/strict";
import { test } from "node:test";
import { isOutside, lastFolder, pathParts, relativePath } from "../../webview-ui/words/paths.ts";

const roots = ["/home/ada/acme", "C:\\code\\app"];

function check(path: string, expected: { shown: string; outside: boolean }) {
  assert.deepEqual({ shown: relativePath(path, roots), outside: isOutside(path, roots) }, expected);
}

test("inside", () => check("/home/ada/acme/src/a.ts", { shown: "src/a.ts", outside: false }));
test("the folder itself", () => check("/home/ada/acme/", { shown: ".", outside: false }));
test("relative", () => check("src/a.ts", { shown: "src/a.ts", outside: false }));
test("relative, but out of the folder", () => check("../b.ts", { shown: "../b.ts", outside: true }));
test("a neighbour with a longer name", () =>
  check("/home/ada/acme2/a.ts", { shown: "/home/ada/acme2/a.ts", outside: true }));
test("a way out in disguise", () => check("/home/ada/acme/../b.ts", { shown: "../b.ts", outside: true }));
test("Windows, drive in the other case", () =>
  check("c:\\code\\app\\src\\a.ts", { shown: "src/a.ts", outside: false }));
test("another drive", () => check("D:\\x.ts", { shown: "D:/x.ts", outside: true }));

test("a card shows the name and the folder apart", () => {
  assert.deepEqual(pathParts("/home/ada/acme/packages/http/a.ts", roots), { name: "a.ts", folder: "packages/http" });
  assert.deepEqual(pathParts("/home/ada/acme/a.ts", roots), { name: "a.ts", folder: "" });
  assert.deepEqual(pathParts("/etc", roots), { name: "etc", folder: "/" });
});

test("a narrow card shows the last folder", () => {
  assert.deepEqual(["packages/http/src", "src", ""].map(lastFolder), ["…/src", "src", ""]);
});
