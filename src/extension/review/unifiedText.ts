import type { ReviewHunk } from "../../protocol/review.ts";
import type { HunkPlace } from "./hunkPlaces.ts";

/** Rows that are of one kind and follow each other, counting from 0. */
export interface RowSpan {
  readonly kind: "same" | "removed" | "added";
  readonly first: number;
  readonly count: number;
}

/** A file with its deleted lines as rows of their own, each hunk's before those that were added. */
export interface UnifiedText {
  readonly text: string;
  readonly spans: readonly RowSpan[];
  /** The hunks, by rows. */
  readonly places: readonly HunkPlace[];
}

export interface BothTexts {
  readonly baseline: string;
  readonly current: string;
}

/** Undefined when the hunks are those of other texts. */
export function unifiedText({ baseline, current }: BothTexts, hunks: readonly ReviewHunk[]): UnifiedText | undefined {
  const before = rowsOf(baseline);
  const now = rowsOf(current);
  const rows: string[] = [];
  const spans: RowSpan[] = [];
  const places: HunkPlace[] = [];
  let [oldLine, newLine] = [0, 0];
  const add = (kind: RowSpan["kind"], lines: readonly string[]) => {
    if (lines.length === 0) return;
    spans.push({ kind, first: rows.length, count: lines.length });
    for (const line of lines) rows.push(line);
    if (kind !== "added") oldLine += lines.length;
    if (kind !== "removed") newLine += lines.length;
  };
  for (const hunk of hunks) {
    if (hunk.oldStart - 1 - oldLine !== hunk.newStart - 1 - newLine) return undefined;
    add("same", now.slice(newLine, hunk.newStart - 1));
    const start = rows.length;
    add("removed", before.slice(oldLine, oldLine + hunk.oldCount));
    add("added", now.slice(newLine, newLine + hunk.newCount));
    places.push({ hunk, start, end: rows.length });
  }
  add("same", now.slice(newLine));
  return oldLine === before.length && newLine === now.length ? { text: rows.join("\n"), spans, places } : undefined;
}

/** Lines without their ends. The empty one after a last line end is none. */
function rowsOf(text: string): string[] {
  const rows = text.split(/\r\n|\n|\r/);
  if (rows.at(-1) === "") rows.pop();
  return rows;
}
