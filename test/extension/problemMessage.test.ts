import assert from "node:assert/strict";
import { test } from "node:test";
import { linesFor, type Problem, problemMessage } from "../../src/extension/problemMessage.ts";
import { english } from "../support/english.ts";

const problem: Problem = {
  message: "Type 'string' is not assignable to type 'number'.",
  severity: "error",
  source: "ts",
  code: "2322",
  range: { startLine: 34, startColumn: 5, endLine: 34, endColumn: 9 },
};
const code = { shownPath: "src/retry.ts", language: "typescript", firstLine: 33, lines: ["// é 😀", "const a = b;"] };

/** The marked spans, as the bytes say, and their labels. */
function spans(...args: Parameters<typeof problemMessage>): { text: string; label: string | null | undefined }[] {
  const [input] = problemMessage(...args);
  assert.equal(input?.type, "text");
  const bytes = Buffer.from(input.text);
  return (input.text_elements ?? []).map(({ byteRange, placeholder }) => ({
    text: bytes.subarray(byteRange.start, byteRange.end).toString(),
    label: placeholder,
  }));
}

test("the whole message", () => {
  const [input] = problemMessage("fix", { problems: [problem], code }, english);
  assert.equal(
    input?.type === "text" && input.text,
    [
      "Fix this problem.",
      "",
      "src/retry.ts:34:5: error (ts 2322): Type 'string' is not assignable to type 'number'.",
      "",
      "src/retry.ts, lines 33 to 34:",
      "```typescript",
      "// é 😀",
      "const a = b;",
      "```",
    ].join("\n"),
  );
});

test("spans cut at bytes, not characters", () => {
  const accented = { ...problem, message: "Unerwartetes „é“ 😀", source: undefined, code: undefined };
  assert.deepEqual(spans("fix", { problems: [accented, problem], code }, english), [
    { text: "src/retry.ts:34:5: error: Unerwartetes „é“ 😀", label: "Unerwartetes „é“ 😀" },
    {
      text: "src/retry.ts:34:5: error (ts 2322): Type 'string' is not assignable to type 'number'.",
      label: "ts 2322: Type 'string' is not assignable to type 'number'.",
    },
    {
      text: "src/retry.ts, lines 33 to 34:\n```typescript\n// é 😀\nconst a = b;\n```",
      label: "retry.ts:33–34",
    },
  ]);
});

function checkRequest(task: "fix" | "explain", count: number, expected: string): void {
  const [input] = problemMessage(task, { problems: Array(count).fill(problem), code }, english);
  assert.equal(input?.type === "text" && input.text.split("\n")[0], expected);
}

test("one to fix", () => checkRequest("fix", 1, "Fix this problem."));
test("several to fix", () => checkRequest("fix", 3, "Fix these 3 problems."));
test("one to explain", () =>
  checkRequest(
    "explain",
    1,
    "Explain this problem: what it means, why it is reported here, and how to fix it. Do not change any file.",
  ));
test("several to explain", () =>
  checkRequest(
    "explain",
    2,
    "Explain these 2 problems: what they mean, why they are reported here, and how to fix them. Do not change any file.",
  ));

test("says how many problems it leaves out", () => {
  const [input] = problemMessage("fix", { problems: Array(23).fill(problem), code }, english);
  assert.ok(input?.type === "text" && input.text.includes("(and 3 more in the same place)"));
});

test("code that has fences gets a longer fence", () => {
  const [, span] = spans("fix", { problems: [problem], code: { ...code, lines: ["````"] } }, english);
  assert.equal(span?.text, "src/retry.ts, line 33:\n`````typescript\n````\n`````");
});

function checkLines(ranges: readonly [number, number, number][], lineCount: number, expected: string): void {
  const problems = ranges.map(([startLine, endLine, endColumn]) => ({
    ...problem,
    range: { startLine, startColumn: 1, endLine, endColumn },
  }));
  const { from, to } = linesFor(problems, lineCount);
  assert.equal(`${from}-${to}`, expected);
}

test("some lines around", () => checkLines([[34, 34, 9]], 100, "28-40"));
test("not before the first line", () => checkLines([[2, 2, 9]], 100, "1-8"));
test("not after the last line", () => checkLines([[98, 98, 9]], 100, "92-100"));
test("around all problems", () =>
  checkLines(
    [
      [30, 30, 2],
      [20, 21, 5],
    ],
    100,
    "14-36",
  ));
test("a range that ends before a line's first character", () => checkLines([[10, 12, 1]], 100, "4-17"));
test("a long range is cut", () => checkLines([[10, 500, 2]], 1000, "4-83"));
