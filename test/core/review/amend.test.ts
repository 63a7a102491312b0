import assert from "node:assert/strict";
import { test } from "node:test";
import { type PlannedChange, planPatch } from "../../../src/core/patch/plan.ts";
import { amended, proposedFiles } from "../../../src/core/review/amend.ts";
import type { FileChangeApprovalAnswer } from "../../../src/protocol/approvals.ts";
import { toAgentError } from "../../../src/protocol/errors.ts";
import { createRandom } from "../../support/random.ts";

const author = { threadId: "t", turnId: "u", itemId: "i" };
type Content = string | Uint8Array;
type Files = Readonly<Record<string, Content>>;

interface Case {
  readonly files: Files;
  readonly patch: string;
  /** Which of all hunks are accepted, by their number; all without it. */
  readonly accept?: readonly number[];
  readonly edited?: Readonly<Record<string, string>>;
  /** The files afterwards, those that are not named being gone. */
  readonly expected: Files;
}

async function check({ files, patch, accept, edited = {}, expected }: Case): Promise<void> {
  const planned = await plan(files, patch);
  const ids = proposedFiles(planned, author).flatMap(({ hunks }) => hunks.map(({ id }) => id));
  const answer = {
    ...(accept ? { acceptedHunks: accept.map((at) => ids[at] ?? "none") } : {}),
    editedContent: Object.entries(edited).map(([path, text]) => ({ path, text })),
  };
  assert.deepEqual(made(files, planned, answer), bytesOf(expected));
}

function plan(files: Files, patch: string): Promise<PlannedChange[]> {
  const bytes = new Map(Object.entries(bytesOf(files)));
  const text = `*** Begin Patch\n${patch}\n*** End Patch`;
  return planPatch(text, { resolve: (path) => path, read: async (path) => bytes.get(path) });
}

function made(files: Files, planned: readonly PlannedChange[], answer: Omit<FileChangeApprovalAnswer, "decision">) {
  const bytes = new Map(Object.entries(bytesOf(files)));
  for (const { change } of amended(planned, answer)) {
    if (!change) continue;
    const { edit } = change;
    if (edit.kind !== "add") assert.deepEqual(edit.before, bytes.get(edit.path));
    bytes.delete(edit.path);
    if (edit.kind !== "delete") bytes.set((edit.kind === "update" && edit.movePath) || edit.path, edit.after);
  }
  return Object.fromEntries(bytes);
}

function bytesOf(files: Files): Record<string, Uint8Array> {
  const encode = (content: Content) => (typeof content === "string" ? new TextEncoder().encode(content) : content);
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, encode(content)]));
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const twoHunks = "*** Update File: a\n@@\n-1\n+one\n 2\n@@\n 4\n-5\n+five";
const lines = "1\n2\n3\n4\n5\n";

test("all hunks", () =>
  check({ files: { a: lines }, patch: twoHunks, accept: [0, 1], expected: { a: "one\n2\n3\n4\nfive\n" } }));
test("the first", () =>
  check({ files: { a: lines }, patch: twoHunks, accept: [0], expected: { a: "one\n2\n3\n4\n5\n" } }));
test("the last", () =>
  check({ files: { a: lines }, patch: twoHunks, accept: [1], expected: { a: "1\n2\n3\n4\nfive\n" } }));
test("none", () => check({ files: { a: lines }, patch: twoHunks, accept: [], expected: { a: lines } }));
test("CRLF, and no final line end", () =>
  check({
    files: { a: "1\r\n2\r\n3\r\n4\r\n5" },
    patch: twoHunks,
    accept: [1],
    expected: { a: "1\r\n2\r\n3\r\n4\r\nfive" },
  }));
test("mixed line ends", () =>
  check({
    files: { a: "1\n2\r\n3\n4\r\n5\n" },
    patch: twoHunks,
    accept: [0],
    expected: { a: "one\n2\r\n3\n4\r\n5\n" },
  }));
test("a byte order mark", () =>
  check({ files: { a: `\ufeff${lines}` }, patch: twoHunks, accept: [1], expected: { a: "\ufeff1\n2\n3\n4\nfive\n" } }));
test("latin1", () =>
  check({
    files: { a: latin1("1\n2 \xe9\n3\n4\n5\n") },
    patch: "*** Update File: a\n@@\n-1\n+one\n@@\n 4\n-5\n+five",
    accept: [1],
    expected: { a: latin1("1\n2 \xe9\n3\n4\nfive\n") },
  }));

const several = "*** Update File: a\n@@\n-1\n+one\n*** Add File: new\n+1\n*** Delete File: old";
const severalFiles = { a: lines, old: "x\n", other: "y\n" };
test("of several files, one", () =>
  check({ files: severalFiles, patch: several, accept: [0], expected: { ...severalFiles, a: "one\n2\n3\n4\n5\n" } }));
test("the new file alone", () =>
  check({ files: severalFiles, patch: several, accept: [1], expected: { ...severalFiles, new: "1\n" } }));
test("the deletion alone", () =>
  check({ files: severalFiles, patch: several, accept: [2], expected: { a: lines, other: "y\n" } }));
test("the same change in two files is two hunks", () =>
  check({
    files: { a: "1\n", b: "1\n" },
    patch: "*** Update File: a\n@@\n-1\n+one\n*** Update File: b\n@@\n-1\n+one",
    accept: [1],
    expected: { a: "1\n", b: "one\n" },
  }));
const move = "*** Update File: a\n*** Move to: b\n@@\n-1\n+one\n 2\n@@\n 4\n-5\n+five";
test("a move with one of its hunks", () =>
  check({ files: { a: lines }, patch: move, accept: [0], expected: { b: "one\n2\n3\n4\n5\n" } }));
test("a move with none of its hunks", () =>
  check({ files: { a: lines }, patch: move, accept: [], expected: { a: lines } }));
const binary = Uint8Array.of(0, 1, 2);
const withBinary = "*** Delete File: bin\n*** Update File: a\n@@\n-1\n+one";
test("a file without hunks goes with the others", () =>
  check({ files: { a: "1\n", bin: binary }, patch: withBinary, accept: [0], expected: { a: "one\n" } }));
test("and stays when nothing is accepted", () =>
  check({ files: { a: "1\n", bin: binary }, patch: withBinary, accept: [], expected: { a: "1\n", bin: binary } }));

test("the user's text", () =>
  check({ files: { a: lines }, patch: twoHunks, edited: { a: "mine\n" }, expected: { a: "mine\n" } }));
test("the user's text in the file's encoding, behind its mark, with the line ends that it has", () =>
  check({ files: { a: `\ufeff${lines}` }, patch: twoHunks, edited: { a: "é\r\nx" }, expected: { a: "\ufeffé\r\nx" } }));
test("the user's text in latin1", () =>
  check({
    files: { a: latin1("\xe9\n1\n") },
    patch: "*** Update File: a\n@@\n-1\n+one",
    edited: { a: "\xe8\n" },
    expected: { a: latin1("\xe8\n") },
  }));
test("the user's text of a new file", () =>
  check({
    files: severalFiles,
    patch: several,
    edited: { new: "2\n" },
    accept: [1],
    expected: { ...severalFiles, new: "2\n" },
  }));
test("an empty text for a new file is no file", () =>
  check({ files: {}, patch: "*** Add File: new\n+1", edited: { new: "" }, expected: {} }));
test("a text for a file that was to be deleted keeps it", () =>
  check({ files: { old: "x\ny\n" }, patch: "*** Delete File: old", edited: { old: "x\n" }, expected: { old: "x\n" } }));
test("the text as it was is no change", () =>
  check({ files: { a: lines }, patch: twoHunks, edited: { a: lines }, expected: { a: lines } }));
test("the user's text of a file that moves", () =>
  check({ files: { a: lines }, patch: move, edited: { b: "mine\n" }, expected: { b: "mine\n" } }));
test("hunks that the user wrote over do not count", () =>
  check({ files: { a: lines }, patch: twoHunks, accept: [0], edited: { a: "mine\n" }, expected: { a: "mine\n" } }));
test("a hunk that is left out is taken out of the user's text", () =>
  check({
    files: { a: lines },
    patch: twoHunks,
    accept: [0],
    edited: { a: "one mine\n2\n3 mine\n4\nfive\n" },
    expected: { a: "one mine\n2\n3 mine\n4\n5\n" },
  }));
test("and stays as the user changed it", () =>
  check({
    files: { a: lines },
    patch: twoHunks,
    accept: [0],
    edited: { a: "one\n2\n3\n4\nfive mine\n" },
    expected: { a: "one\n2\n3\n4\nfive mine\n" },
  }));
test("all hunks left out leave what the user wrote beside them", () =>
  check({
    files: { a: lines },
    patch: twoHunks,
    accept: [],
    edited: { a: "one\n2\n3 mine\n4\nfive\n" },
    expected: { a: "1\n2\n3 mine\n4\n5\n" },
  }));

function checkRefused(files: Files, answer: Omit<FileChangeApprovalAnswer, "decision">, expected: string): void {
  test(`${JSON.stringify(answer)} is ${expected}`, async () => {
    const planned = await plan(files, "*** Update File: a\n@@\n-1\n+one");
    assert.throws(
      () => amended(planned, answer),
      (error) => toAgentError(error).code === expected,
    );
  });
}
checkRefused({ a: "1\n" }, { acceptedHunks: ["0-00"] }, "invalid");
checkRefused({ a: "1\n" }, { editedContent: [{ path: "b", text: "" }] }, "invalid");
checkRefused({ a: latin1("\xe9\n1\n") }, { editedContent: [{ path: "a", text: "\u4e2d" }] }, "unfaithful");
checkRefused({ a: "1\n" }, { editedContent: [{ path: "a", text: "\0" }] }, "unfaithful");

test("any hunks of any text: all is the proposal, none is the text before, and the order of ids does not matter", async () => {
  const random = createRandom(7);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  for (let round = 0; round < 300; round++) {
    const end = pick(["\n", "\r\n"]);
    const before = Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(["a", "b", "c", ""]) + end);
    if (random() < 0.3) before.push("last");
    const next = before.flatMap((line) => pick([[line], [line], [line], [], [`x${end}`], [line, `y${end}`]]));
    const encode = (parts: readonly string[]) => new TextEncoder().encode(parts.join(""));
    const edit = { kind: "update" as const, path: "a", before: encode(before), after: encode(next) };
    const planned = [{ edit, path: "a", diff: "", added: 0, removed: 0 }];
    const ids = proposedFiles(planned, author).flatMap(({ hunks }) => hunks.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
    const files = { a: edit.before };
    assert.deepEqual(made(files, planned, { acceptedHunks: ids.toReversed() }), { a: edit.after });
    assert.deepEqual(made(files, planned, { acceptedHunks: [] }), files);
  }
});
