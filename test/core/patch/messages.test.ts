import assert from "node:assert/strict";
import { test } from "node:test";
import { planPatch } from "../../../src/core/patch/plan.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { latin1, patchOf, utf8 } from "./cases/patchCase.ts";

const AGAIN = "Nothing was changed; send the whole patch again, corrected.";
const REREAD = "Nothing was changed. Read the file again and send a patch that quotes its lines as they are.";

/** The message that the model gets for a patch where src/a.ts and src/taken.ts hold `before`, and nothing else is there. */
async function check(before: string | Uint8Array, patch: string, expected: string | readonly string[]): Promise<void> {
  const bytes = typeof before === "string" ? utf8(before) : before;
  const read = async (path: string) => (path === "src/a.ts" || path === "src/taken.ts" ? bytes : undefined);
  await assert.rejects(planPatch(patch, { resolve: (path) => path, read }), (error) => {
    assert.ok(error instanceof AgentError);
    assert.equal(error.message, typeof expected === "string" ? expected : expected.join("\n"));
    return true;
  });
}

function update(...hunks: readonly string[]): string {
  return patchOf("*** Update File: src/a.ts", ...hunks);
}

test("unreadable line", () =>
  check(
    "a\n",
    update("@@", "a", "-b"),
    `The patch cannot be read at line 4: found "a", expected a hunk line, which starts with " " (kept), "-" (removed) or "+" (added), or the next "@@" or "*** ". ${AGAIN}`,
  ));

test("end of the patch", () =>
  check(
    "a\n",
    "*** Begin Patch\n*** Delete File: src/a.ts\n",
    `The patch cannot be read at line 3: found the end of the patch, expected "*** End Patch" as the last line. ${AGAIN}`,
  ));

test("empty patch", () =>
  check(
    "a\n",
    "",
    `The patch cannot be read at line 1: found the end of the patch, expected "*** Begin Patch". ${AGAIN}`,
  ));

test("text after the patch", () =>
  check(
    "a\n",
    `${update("@@", "-a")}Done.`,
    `The patch cannot be read at line 6: found "Done.", expected "*** End Patch" as the last line. ${AGAIN}`,
  ));

test("unmarked empty line of a new file", () =>
  check(
    "a\n",
    patchOf("*** Add File: b", "+1", "", "+3"),
    `The patch cannot be read at line 4: found an empty line, expected a line of the new file, which starts with "+" (also an empty one), or the next "*** ". ${AGAIN}`,
  ));

test("long line is cut", () =>
  check(
    "a\n",
    patchOf("x".repeat(200)),
    `The patch cannot be read at line 2: found "${"x".repeat(120)}...", expected "*** Add File: path", "*** Delete File: path", "*** Update File: path" or "*** End Patch". ${AGAIN}`,
  ));

test("nearest place of several lines", () =>
  check("x\nif (a) {\n  b();\n  c();\n}\n", update("@@", " if (a) {", "   b();", "-  d();", " }"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    "    if (a) {",
    "      b();",
    "      d();",
    "    }",
    'The nearest place is line 2, where 3 of 4 lines agree; at line 4 the file has "  c();" and the patch "  d();".',
    REREAD,
  ]));

test("nearest place at the end of the file", () =>
  check("x\na\n", update("@@", " a", "-b"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    "    a",
    "    b",
    'The nearest place is line 2, where 1 of 2 lines agree; at line 3 the file has ended and the patch "b".',
    REREAD,
  ]));

test("nearest single line", () =>
  check("one\nconst total = sum(items, 0);\n", update("@@", "-const total = add(items, 0);", "+x"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    "    const total = add(items, 0);",
    'The nearest is line 2, "const total = sum(items, 0);".',
    REREAD,
  ]));

test("lines that would begin before the file", () =>
  check("import b;\n", update("@@", " // top", "-import b;"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    "    // top",
    "    import b;",
    'The nearest is line 1, "import b;".',
    REREAD,
  ]));

test("nothing near", () =>
  check("one\n", update("@@", "-const total = 0;", "+x"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    "    const total = 0;",
    REREAD,
  ]));

test("many lines are cut", () =>
  check("", update("@@", ...[1, 2, 3, 4, 5, 6, 7, 8].map((line) => `-${line}`)), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    ...[1, 2, 3, 4, 5, 6].map((line) => `    ${line}`),
    "    ... 2 more",
    "The file is empty.",
    REREAD,
  ]));

test("hunks in the wrong order", () =>
  check("a\nb\nc\n", update("@@", "-c", "+C", "@@", "-b", "+B"), [
    'Hunk 2 of "src/a.ts" does not match: these lines are not in the file from line 4 on:',
    "    b",
    'That is at line 2, too early: hunks come in the order of the file\'s lines, each below its "@@" header.',
    REREAD,
  ]));

test("patch applied before", () =>
  check("a\nnew\n", update("@@", " a", "-old", "+new"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file:',
    "    a",
    "    old",
    "The result of the hunk is already at line 1: it may have been applied before.",
    REREAD,
  ]));

test("header that is not there", () =>
  check("a\nold\n", update("@@ function f()", "-old", "+new"), [
    'Hunk 1 of "src/a.ts" does not match: the line of its "@@" header is not in the file:',
    "    function f()",
    'The hunk\'s own lines are there, at line 2: a plain "@@" is enough.',
    REREAD,
  ]));

test("header that is nearly there", () =>
  check("def run(self):\n", update("@@ def run(me):", "+x"), [
    'Hunk 1 of "src/a.ts" does not match: the line of its "@@" header is not in the file:',
    "    def run(me):",
    'The nearest is line 1, "def run(self):".',
    REREAD,
  ]));

test("lines not after their header", () =>
  check("old\nf\n", update("@@ f", "-old", "+new"), [
    'Hunk 1 of "src/a.ts" does not match: these lines are not in the file from line 2 on:',
    "    old",
    'That is at line 1, too early: hunks come in the order of the file\'s lines, each below its "@@" header.',
    REREAD,
  ]));

test("add onto a file", () =>
  check(
    "a\n",
    patchOf("*** Add File: src/a.ts", "+a"),
    '"src/a.ts" exists already. Nothing was changed; use "*** Update File:" to change it.',
  ));

test("update of a missing file", () =>
  check(
    "a\n",
    patchOf("*** Update File: src/b.ts", "@@", "-a"),
    '"src/b.ts" does not exist. Nothing was changed; check the path, or use "*** Add File:".',
  ));

test("move onto a file", () =>
  check(
    "a\n",
    update("*** Move to: src/taken.ts"),
    '"src/taken.ts" exists already. Nothing was changed; delete it with a patch of its own first, or move "src/a.ts" somewhere else.',
  ));

test("nothing to change", () =>
  check(
    "a\n",
    update("@@", "-a", "+a"),
    "The patch changes nothing: its files already are what it would make of them. If you expected a difference, read them again.",
  ));

test("file named twice", () =>
  check(
    "a\n",
    patchOf("*** Delete File: src/a.ts", "*** Update File: src/a.ts", "@@", "-a"),
    'The sections at lines 2 and 3 of the patch both name "src/a.ts" and cannot be combined. Nothing was changed; put all changes of a file into one section, or send the second section as a patch of its own afterwards.',
  ));

test("character that does not fit", () =>
  check(
    latin1("\xe9\n"),
    update("@@", "+😀"),
    '"src/a.ts" is stored as latin1, which cannot hold the character "😀" (U+1F600). Nothing was changed; leave that character out or write it in another way (such as an escape sequence).',
  ));

test("half a character", () =>
  check(
    "a\n",
    update("@@", "+\ud83d"),
    '"src/a.ts" is stored as utf-8, which cannot hold the character U+D83D. Nothing was changed; leave that character out or write it in another way (such as an escape sequence).',
  ));

test("binary file", () =>
  check(
    new Uint8Array([0, 1]),
    update("@@", "-a"),
    '"src/a.ts" is a binary file, so its lines cannot be edited. Nothing was changed; use a command to produce that file.',
  ));
