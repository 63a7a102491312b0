import assert from "node:assert/strict";
import { test } from "node:test";
import { planPatch } from "../../../src/core/patch/plan.ts";
import { TurnDiff } from "../../../src/core/review/turnDiff.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

const signal = new AbortController().signal;

/** Applies patches one after another and compares the turn's diff, from its first file on. */
async function check(patches: readonly string[], expected: string, a = "one\ntwo\n") {
  const host = createMemoryHost({ files: { "/workspace/a": a, "/workspace/b": "b\n" } });
  const diff = new TurnDiff((path) => path.replace("/workspace/", ""));
  for (const patch of patches) {
    const planned = await planPatch(`*** Begin Patch\n${patch}\n*** End Patch\n`, {
      resolve: (path) => `/workspace/${path}`,
      read: (path) =>
        host.files.read(path, signal).then(
          ({ bytes }) => bytes,
          () => undefined,
        ),
    });
    await host.files.apply(
      planned.map(({ edit }) => edit),
      signal,
    );
    diff.add(planned);
  }
  assert.equal(diff.toText(), expected);
}

const head = (from: string, to = from) => `diff --git a/${from} b/${to}\n`;
const update = "*** Update File: a\n@@\n-one\n+1\n two";
const updateAgain = "*** Update File: a\n@@\n 1\n-two\n+2";
const back = "*** Update File: a\n@@\n-1\n+one\n two";
const move = "*** Update File: a\n*** Move to: c\n@@\n-one\n+1\n two";

test("an update", () => check([update], `${head("a")}--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n`));
test("two updates of a file are one change", () =>
  check([update, updateAgain], `${head("a")}--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-one\n-two\n+1\n+2\n`));
test("an update and back is none", () => check([update, back], ""));
test("a new file", () =>
  check(["*** Add File: n\n+x"], `${head("n")}new file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,1 @@\n+x\n`));
test("a new file that goes again is none", () => check(["*** Add File: n\n+x", "*** Delete File: n"], ""));
test("a file deleted", () =>
  check(["*** Delete File: b"], `${head("b")}deleted file mode 100644\n--- a/b\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-b\n`));
test("a file deleted and made again", () =>
  check(["*** Delete File: b", "*** Add File: b\n+x"], `${head("b")}--- a/b\n+++ b/b\n@@ -1,1 +1,1 @@\n-b\n+x\n`));
test("a pure move", () =>
  check(["*** Update File: b\n*** Move to: c"], `${head("b", "c")}rename from b\nrename to c\n`));
test("a move with a change", () =>
  check([move], `${head("a", "c")}rename from a\nrename to c\n--- a/a\n+++ b/c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n`));
test("a move and an edit at the new place", () =>
  check(
    [move, updateAgain.replace("File: a", "File: c")],
    `${head("a", "c")}rename from a\nrename to c\n--- a/a\n+++ b/c\n@@ -1,2 +1,2 @@\n-one\n-two\n+1\n+2\n`,
  ));
test("a move, and a new file at the old place", () =>
  check(
    ["*** Update File: b\n*** Move to: c", "*** Add File: b\n+x"],
    `${head("b", "c")}rename from b\nrename to c\n${head("b")}new file mode 100644\n--- /dev/null\n+++ b/b\n@@ -0,0 +1,1 @@\n+x\n`,
  ));
test("a move there and back", () =>
  check(["*** Update File: b\n*** Move to: c", "*** Update File: c\n*** Move to: b"], ""));
test("a move, and then deleted", () =>
  check(
    ["*** Update File: b\n*** Move to: c", "*** Delete File: c"],
    `${head("b")}deleted file mode 100644\n--- a/b\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-b\n`,
  ));
test("a new file that is moved is new at its last place", () =>
  check(
    ["*** Add File: n\n+x", "*** Update File: n\n*** Move to: m"],
    `${head("m")}new file mode 100644\n--- /dev/null\n+++ b/m\n@@ -0,0 +1,1 @@\n+x\n`,
  ));
test("texts that have too little in common are replaced as a whole", () => {
  const lines = (sign: string, word: string) =>
    Array.from({ length: 1500 }, (_, line) => `${sign}${word} ${line}`).join("\n");
  return check(
    ["*** Delete File: a", `*** Add File: a\n${lines("+", "y")}`],
    `${head("a")}--- a/a\n+++ b/a\n@@ -1,1500 +1,1500 @@\n${lines("-", "x")}\n\\ No newline at end of file\n${lines("+", "y")}\n`,
    lines("", "x"),
  );
});
