import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPatch } from "diff";
import fc from "fast-check";
import { describePatch } from "../../../src/core/patch/describe.ts";
import { parsePatch } from "../../../src/core/patch/parse.ts";
import { type PlannedChange, planPatch } from "../../../src/core/patch/plan.ts";
import { AgentError } from "../../../src/protocol/errors.ts";
import { patchOf } from "./cases/patchCase.ts";
import { blocksOf, bytesAfter, bytesBefore, type RandomEdit, randomEdit, textAfter, textOf } from "./random/edits.ts";

/** How a random patch quotes the lines that stay: each reading is one that matching forgives. */
const quotings: Readonly<Record<string, (text: string) => string>> = {
  exactly: (text) => text,
  "with other trailing space": (text) => `${text.trimEnd()} \t`,
  "with other indentation": (text) => `   ${text.trim()}`,
};

const fragments = fc.constantFrom(
  ...["*** Begin Patch", "*** End Patch", "*** Add File: a.txt", "*** Delete File: a.txt", "*** Update File: a.txt"],
  ...[
    "*** Move to: b.txt",
    "*** End of File",
    "@@",
    "@@ x",
    " x",
    "-x",
    "+y",
    "+",
    " ",
    "",
    "x",
    "<<EOF",
    "EOF",
    "+\ud800",
  ],
);

const soup = fc
  .array(fc.oneof({ weight: 9, arbitrary: fragments }, { weight: 1, arbitrary: fc.string() }))
  .map((lines) => lines.join("\n"));

/** 500 random cases, the same ones every time. */
async function check<T>(values: fc.Arbitrary<T>, holds: (value: T) => void | Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(values, async (value) => holds(value)),
    { seed: 20, numRuns: 500 },
  );
}

function plan(patch: string, before: Uint8Array): Promise<PlannedChange[]> {
  const read = async (path: string) => (path === "a.txt" ? before : undefined);
  return planPatch(patch, { resolve: (path) => path, read });
}

/** One hunk for each block of changes, with up to `context` kept lines before and after it. */
function hunksOf(edit: RandomEdit, context: number, quote: (text: string) => string): readonly string[] {
  const blocks = blocksOf(edit);
  return blocks.flatMap(({ start, end, patch }, at) => {
    const from = Math.max(start - context, blocks[at - 1]?.end ?? 0);
    const to = Math.min(end + context, blocks[at + 1]?.start ?? edit.lines.length);
    const kept = (lines: RandomEdit["lines"]) => lines.map(({ text }) => ` ${quote(text)}`);
    return ["@@", ...kept(edit.lines.slice(from, start)), ...patch, ...kept(edit.lines.slice(end, to))];
  });
}

function wholeHunk(edit: RandomEdit): readonly string[] {
  const hunk = ["@@"];
  let from = 0;
  for (const { start, end, patch } of blocksOf(edit)) {
    hunk.push(...edit.lines.slice(from, start).map(({ text }) => ` ${text}`), ...patch);
    from = end;
  }
  return [...hunk, ...edit.lines.slice(from).map(({ text }) => ` ${text}`)];
}

async function assertEdits(edit: RandomEdit, hunks: readonly string[]): Promise<void> {
  const before = bytesBefore(edit);
  const [change, ...rest] = await plan(patchOf("*** Update File: a.txt", ...hunks), before);
  assert.equal(rest.length, 0);
  assert.deepEqual(change?.edit, { kind: "update", path: "a.txt", before, after: bytesAfter(edit) });
}

for (const [name, quote] of Object.entries(quotings)) {
  test(`hunks that quote the file ${name} give exactly the expected bytes`, () =>
    check(fc.tuple(randomEdit, fc.integer({ min: 1, max: 4 })), ([edit, context]) =>
      assertEdits(edit, hunksOf(edit, context, quote)),
    ));
}

test("one hunk that quotes the whole file gives exactly the expected bytes", () =>
  check(randomEdit, (edit) => assertEdits(edit, wholeHunk(edit))));

test("bytes outside the changed lines are identical", () =>
  check(randomEdit, async (edit) => {
    const before = bytesBefore(edit);
    const [change] = await plan(patchOf("*** Update File: a.txt", ...hunksOf(edit, 2, (text) => text)), before);
    assert.ok(change?.edit.kind === "update");
    const { after } = change.edit;
    const blocks = blocksOf(edit);
    const lengthOf = (lines: RandomEdit["lines"]) => edit.encode(textOf(lines)).length;
    const head = edit.mark.length + lengthOf(edit.lines.slice(0, blocks[0]!.start));
    const tail = lengthOf(edit.lines.slice(blocks.at(-1)!.end));
    assert.deepEqual(after.slice(0, head), before.slice(0, head));
    assert.deepEqual(after.slice(after.length - tail), before.slice(before.length - tail));
  }));

test("the diff turns the old text into the new one", () =>
  check(randomEdit, async (edit) => {
    const [change] = await plan(
      patchOf("*** Update File: a.txt", ...hunksOf(edit, 2, (text) => text)),
      bytesBefore(edit),
    );
    const applied = applyPatch(textOf(edit.lines), change!.diff, { autoConvertLineEndings: false });
    assert.equal(applied, textAfter(edit));
  }));

test("a text that is no patch is refused with an AgentError", () =>
  check(
    fc.oneof(
      soup,
      soup.map((text) => patchOf(text)),
      fc.string(),
    ),
    (text) => {
      try {
        parsePatch(text);
      } catch (error) {
        assert.ok(error instanceof AgentError);
        assert.equal(error.code, "invalid");
      }
      describePatch(text);
    },
  ));

test("any patch on any bytes is planned or refused with an AgentError", () =>
  check(
    fc.tuple(soup, fc.oneof(fc.uint8Array(), fc.constant(new TextEncoder().encode("x\n")))),
    async ([text, bytes]) => {
      const body = patchOf(`*** Update File: a.txt\n@@\n${text}`);
      await plan(body, bytes).catch((error) => assert.ok(error instanceof AgentError, String(error)));
    },
  ));
