import assert from "node:assert/strict";
import { test } from "node:test";
import { watchProblems } from "../../../src/core/tools/newProblems.ts";
import type { FileDiagnostic } from "../../../src/host/editor.ts";
import { createFakeClock } from "../../support/fakeClock.ts";
import { createMemoryHost } from "../../support/memoryHost.ts";

function problem(line: number, message: string, more: Partial<FileDiagnostic> = {}): FileDiagnostic {
  const range = { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
  return { path: "/ws/a.ts", severity: "error", message, source: "ts", code: "1", range, ...more };
}

type Problems = readonly FileDiagnostic[] | undefined;

async function check(before: Problems, after: Problems, expected: readonly string[], openPaths = ["/ws/a.ts"]) {
  const host = createMemoryHost({ diagnostics: before, openEditors: { visiblePaths: [], openPaths } });
  const { signal } = new AbortController();
  const show = (path: string) => path.slice(4);
  const newProblems = await watchProblems(["/ws/a.ts"], { host, clock: createFakeClock(), signal, show });
  host.setDiagnostics(after);
  assert.deepEqual(await newProblems(), expected);
}

const head = "New problems that the editor reports since this edit, in edited files that are open:";
test("a new one", () => check([], [problem(3, "No.")], [head, "a.ts:3:1: error: No. (ts 1)"]));
test("one that was there, and has moved", () => check([problem(1, "No.")], [problem(3, "No.")], []));
test("a second one like it", () =>
  check([problem(1, "No.")], [problem(1, "No."), problem(5, "No.")], [head, "a.ts:5:1: error: No. (ts 1)"]));
test("one that is gone", () => check([problem(1, "No.")], [], []));
test("a hint is none", () => check([], [problem(1, "Well.", { severity: "hint" })], []));
test("many are counted", () =>
  check(
    [],
    Array.from({ length: 12 }, (_, at) => problem(at + 1, `No ${at}.`)),
    [head, ...Array.from({ length: 10 }, (_, at) => `a.ts:${at + 1}:1: error: No ${at}. (ts 1)`), "(2 more.)"],
  ));
test("a file that is not open", () => check([], [problem(3, "No.")], [], []));
test("no editor", () => check(undefined, undefined, []));

test("services that take too long are not waited for", async () => {
  const memory = createMemoryHost({ openEditors: { visiblePaths: [], openPaths: ["/ws/a.ts"] } });
  let asked = 0;
  const diagnostics = () => (++asked === 1 ? Promise.resolve([]) : new Promise<never>(() => {}));
  const host = { ...memory, editor: { ...memory.editor, diagnostics } };
  const clock = createFakeClock();
  const { signal } = new AbortController();
  const newProblems = await watchProblems(["/ws/a.ts"], { host, clock, signal, show: (path) => path });
  const told = newProblems();
  await clock.sleeping(1200);
  clock.advance(1200);
  assert.deepEqual(await told, []);
});
