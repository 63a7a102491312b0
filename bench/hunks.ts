import { afterAgent, afterOthers, newEntry } from "../src/core/review/fileEntry.ts";
import { reviewedFileOf } from "../src/core/review/reviewedFile.ts";
import { selectedIn, undoingOf } from "../src/core/review/settle.ts";

/** What it costs to know the hunks of a large file again after it has changed: from its bytes to what clients are told, one JSON line each. */

const LINES = 100_000;
const TIMES = 15;
const author = { threadId: "t", turnId: "1", itemId: "a" };

/** A file of a program: most lines are like others, some are alone. */
const baseline = Array.from({ length: LINES }, (_, at) => {
  if (at % 10 === 9) return "}\n";
  return at % 10 === 8 ? "\n" : `  const value${at % 10} = compute(${at % 7}, ${Math.floor(at / 10)});\n`;
});

function changed(count: number, from: number, apart: number): string[] {
  const lines = [...baseline];
  for (let edit = 0; edit < count; edit++) {
    const at = from + edit * apart;
    lines[at] = edit % 3 === 0 ? "" : `  changed(${edit});\n${edit % 3 === 1 ? "  added();\n" : ""}`;
  }
  return lines;
}

/** The median of the runs, in milliseconds. */
function measure(run: () => void): number {
  const times = Array.from({ length: TIMES }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  }).sort((a, b) => a - b);
  return Math.round((times[TIMES >> 1] ?? 0) * 10) / 10;
}

function report(name: string, after: readonly string[]): void {
  const encoder = new TextEncoder();
  const text = after.join("");
  const bytes = encoder.encode(text);
  const typed = encoder.encode(`${text.slice(0, text.length >> 1)}x${text.slice(text.length >> 1)}`);
  const before = newEntry("/a", encoder.encode(baseline.join("")));
  const entry = afterAgent(before, { author, after: bytes });
  const all = selectedIn(entry, { includeEdited: true });
  const editMs = measure(() => reviewedFileOf(afterAgent(before, { author, after: bytes })));
  const keystrokeMs = measure(() => reviewedFileOf(afterOthers(entry, typed)));
  const undoMs = measure(() => undoingOf(entry, all, bytes));
  const hunks = reviewedFileOf(entry)?.hunks.length;
  console.log(JSON.stringify({ name: `hunks ${name}`, lines: LINES, hunks, editMs, keystrokeMs, undoMs }));
}

report("5 local edits", changed(5, 50_000, 8));
report("50 spread edits", changed(50, 1000, 1999));
report("1 % changed", changed(LINES / 100, 50, 99));
