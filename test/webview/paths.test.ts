import assert from "node:assert/strict";
import { test } from "node:test";
import { isOutside, lastFolder, pathParts, relativePath } from "../../webview-ui/words/paths.ts";

const roots = ["/work/acme", "C:\\code\\app"];

function check(path: string, expected: { shown: string; outside: boolean }) {
  assert.deepEqual({ shown: relativePath(path, roots), outside: isOutside(path, roots) }, expected);
}

test("inside", () => check("/work/acme/src/a.ts", { shown: "src/a.ts", outside: false }));
test("the folder itself", () => check("/work/acme/", { shown: ".", outside: false }));
test("relative", () => check("src/a.ts", { shown: "src/a.ts", outside: false }));
test("relative, but out of the folder", () => check("../b.ts", { shown: "../b.ts", outside: true }));
test("a neighbour with a longer name", () => check("/work/acme2/a.ts", { shown: "/work/acme2/a.ts", outside: true }));
test("a way out in disguise", () => check("/work/acme/../b.ts", { shown: "../b.ts", outside: true }));
test("Windows, drive in the other case", () =>
  check("c:\\code\\app\\src\\a.ts", { shown: "src/a.ts", outside: false }));
test("another drive", () => check("D:\\x.ts", { shown: "D:/x.ts", outside: true }));

test("a card shows the name and the folder apart", () => {
  assert.deepEqual(pathParts("/work/acme/packages/http/a.ts", roots), { name: "a.ts", folder: "packages/http" });
  assert.deepEqual(pathParts("/work/acme/a.ts", roots), { name: "a.ts", folder: "" });
  assert.deepEqual(pathParts("/etc", roots), { name: "etc", folder: "/" });
});

test("a narrow card shows the last folder", () => {
  assert.deepEqual(["packages/http/src", "src", ""].map(lastFolder), ["…/src", "src", ""]);
});
