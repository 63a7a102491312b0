import assert from "node:assert/strict";
import { test } from "node:test";
import { type PlannedChange, planPatch } from "../../../src/core/patch/plan.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { patchOf, utf8, utf8Mark } from "./cases/patchCase.ts";

const tenLines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

/** Plans an update of a.txt; the other files are those of `more`. */
async function plan(before: string | Uint8Array, ...patch: readonly string[]): Promise<readonly PlannedChange[]> {
  const bytes = typeof before === "string" ? utf8(before) : before;
  const files = new Map([["/w/a.txt", bytes]]);
  return planPatch(patchOf(...patch), { resolve: (path) => `/w/${path}`, read: async (path) => files.get(path) });
}

async function check(
  before: string | Uint8Array,
  hunks: readonly string[],
  expected: readonly string[],
): Promise<void> {
  const [change] = await plan(before, "*** Update File: a.txt", ...hunks);
  assert.equal(change?.diff, expected.map((line) => `${line}\n`).join(""));
  const count = (sign: string) => expected.filter((line) => line.startsWith(sign)).length;
  assert.deepEqual({ added: change?.added, removed: change?.removed }, { added: count("+"), removed: count("-") });
}

test("diff has three lines of context", () =>
  check(tenLines, ["@@", "-5", "+five"], ["@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"]));

test("diff has less context at the ends of the file", () =>
  check("1\n2\n", ["@@", "-1", "+one"], ["@@ -1,2 +1,2 @@", "-1", "+one", " 2"]));

test("diff has the file's own context where the match was loose", () =>
  check("“a”  \nold\n", ["@@", ' "a"', "-old", "+new"], ["@@ -1,2 +1,2 @@", " “a”  ", "-old", "+new"]));

test("hunks whose contexts meet are one", () =>
  check(
    tenLines,
    ["@@", "-1", "@@", "-8", "+eight"],
    ["@@ -1,10 +1,9 @@", ...["-1", " 2", " 3", " 4", " 5", " 6", " 7", "-8", "+eight", " 9", " 10"]],
  ));

test("hunks further apart are two", () =>
  check(
    tenLines,
    ["@@", "-1", "@@", "-9", "+nine"],
    [...["@@ -1,4 +1,3 @@", "-1", " 2", " 3", " 4"], ...["@@ -6,5 +5,5 @@", " 6", " 7", " 8", "-9", "+nine", " 10"]],
  ));

test("an empty side names the line before it", () => check("", ["@@", "+a"], ["@@ -0,0 +1,1 @@", "+a"]));

test("a removed file text leaves nothing", () => check("a\n", ["@@", "-a"], ["@@ -1,1 +0,0 @@", "-a"]));

test("a missing final newline is marked", () =>
  check(
    "a\nb",
    ["@@", "-b", "+c"],
    ["@@ -1,2 +1,2 @@", ...[" a", "-b", "\\ No newline at end of file", "+c", "\\ No newline at end of file"]],
  ));

test("a line that gets an end counts as changed", () =>
  check(
    "a\nb",
    ["@@", "+c"],
    ["@@ -1,2 +1,3 @@", ...[" a", "-b", "\\ No newline at end of file", "+b", "+c", "\\ No newline at end of file"]],
  ));

test("a final newline that is added is a changed line", () =>
  check("a\nb", ["@@", " b", "+"], ["@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at end of file", "+b"]));

test("carriage returns stay in the diff", () =>
  check("a\r\nb\r\n", ["@@", "-b", "+c"], ["@@ -1,2 +1,2 @@", " a\r", "-b\r", "+c\r"]));

test("a byte order mark is not in the diff", () =>
  check(new Uint8Array([...utf8Mark, ...utf8("a\n")]), ["@@", "-a", "+b"], ["@@ -1,1 +1,1 @@", "-a", "+b"]));

test("lines replaced by themselves are context", () =>
  check("a\nb\nc\n", ["@@", "-a", "-b", "-c", "+a", "+B", "+c"], ["@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"]));

test("an add shows its text", async () => {
  const changes = await plan("", "*** Add File: n.txt", "+one", "+", "+three");
  const after = utf8("one\n\nthree\n");
  const edit = { kind: "add", path: "/w/n.txt", after };
  assert.deepEqual(changes, [{ edit, path: "/w/n.txt", diff: "one\n\nthree\n", added: 3, removed: 0 }]);
});

test("a delete shows the old text", async () => {
  const before = utf8("one\r\ntwo");
  const changes = await plan(before, "*** Delete File: a.txt");
  const edit = { kind: "delete", path: "/w/a.txt", before };
  assert.deepEqual(changes, [{ edit, path: "/w/a.txt", diff: "one\r\ntwo", added: 0, removed: 2 }]);
});

test("a delete of a binary file shows nothing", async () => {
  const [change] = await plan(new Uint8Array([0, 10, 0]), "*** Delete File: a.txt");
  assert.deepEqual([change?.diff, change?.removed], ["", 0]);
});

test("a pure move keeps the bytes", async () => {
  const before = utf8("a\n");
  const changes = await plan(before, "*** Update File: a.txt", "*** Move to: b.txt");
  const edit = { kind: "update", path: "/w/a.txt", before, after: before, movePath: "/w/b.txt" };
  assert.deepEqual(changes, [{ edit, path: "/w/a.txt", movePath: "/w/b.txt", diff: "", added: 0, removed: 0 }]);
});

test("a move that changes only the case is the host's to judge", async () => {
  const resolve = (path: string) => path;
  const read = async () => utf8("a\n");
  const [change] = await planPatch(patchOf("*** Update File: a.txt", "*** Move to: A.txt"), { resolve, read });
  assert.equal(change?.movePath, "A.txt");
});

test("changes come in the order of the patch", async () => {
  const changes = await plan(
    "a\n",
    "*** Add File: z.txt",
    "*** Update File: a.txt",
    "@@",
    "-a",
    "+A",
    "*** Add File: b.txt",
  );
  assert.deepEqual(
    changes.map(({ path }) => path),
    ["/w/z.txt", "/w/a.txt", "/w/b.txt"],
  );
});

test("what the caller throws comes through", async () => {
  const denied = new AgentError("permissionDenied", "No.");
  const read = async () => Promise.reject(denied);
  await assert.rejects(planPatch(patchOf("*** Delete File: a.txt"), { resolve: (path) => path, read }), denied);
});

test("nothing is read when a path is refused", async () => {
  const denied = new AgentError("permissionDenied", "No.");
  const resolve = () => {
    throw denied;
  };
  const read = async () => assert.fail("read");
  await assert.rejects(planPatch(patchOf("*** Delete File: a.txt"), { resolve, read }), denied);
});
