import assert from "node:assert/strict";
import { test } from "node:test";
import { describePatch } from "../../../src/core/patch/describe.ts";
import { patchCases } from "./cases.ts";

const patch = [
  "*** Begin Patch",
  "*** Update File: src/a.ts",
  "*** Move to: src/b.ts",
  "@@ f",
  " *** Delete File: not/a/section",
  "-one",
  "+two",
  "+*** Add File: not/a/section",
  "*** Add File: new file.txt",
  "+x",
  "*** Delete File: old.txt",
  "*** End Patch",
].join("\n");

function check(text: string, expected: readonly string[]): void {
  const shown = describePatch(text).map(({ kind, path, movePath, added, removed }) =>
    [kind, path, ...(movePath === undefined ? [] : ["to", movePath]), `+${added}`, `-${removed}`].join(" "),
  );
  assert.deepEqual(shown, expected);
}

test("whole patch", () =>
  check(patch, ["update src/a.ts to src/b.ts +2 -1", "add new file.txt +1 -0", "delete old.txt +0 -0"]));

test("CRLF and indented markers", () =>
  check("*** Begin Patch\r\n  *** Add File: a.txt  \r\n+1\r\n  *** Delete File: b.txt\r\n", [
    "add a.txt +1 -0",
    "delete b.txt +0 -0",
  ]));

test("nothing yet", () => check("*** Begin Pa", []));
test("path still being written", () => check("*** Begin Patch\n*** Update File: src/a", []));
test("path just written", () => check("*** Begin Patch\n*** Update File: src/a.ts\n", ["update src/a.ts +0 -0"]));
test("target still being written", () =>
  check("*** Begin Patch\n*** Update File: a\n*** Move to: b", ["update a +0 -0"]));
test("line still being written", () => check("*** Begin Patch\n*** Add File: a\n+x\n+y", ["add a +2 -0"]));
test("no patch at all", () => check("Here is the patch:\n+++ b\n--- a\n", []));
test("move without an update", () => check("*** Move to: b\n*** Delete File: a\n*** Move to: b\n", ["delete a +0 -0"]));

test("sections only grow while a patch arrives", () => {
  for (const { patch: text } of patchCases.filter((each) => each.patch.length < 2000)) {
    let shown = 0;
    for (let length = 0; length <= text.length; length += 1) {
      const sections = describePatch(text.slice(0, length)).length;
      assert.ok(sections >= shown);
      shown = sections;
    }
  }
});
