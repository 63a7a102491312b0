import type { Draft } from "./draft.ts";
import type { LineEnd, TextFile } from "./text.ts";

/** What changed, as a diff of lines. */
export interface LineDiff {
  /** Unified hunks without file headers: "@@ -a,b +c,d @@" with up to three lines of context. Empty when nothing changed. */
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

/** Lines [oldStart, oldEnd) of the file became lines [newStart, newEnd) of the draft. */
interface Change {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

const CONTEXT = 3;

/**
 * The diff that the draft itself knows; nothing is compared. Lines keep their carriage returns, and a last line without an end is followed
 * by the usual "\ No newline at end of file", so that the text is a valid patch of the file's text without its byte order mark.
 */
export function diffOf(file: TextFile, draft: Draft): LineDiff {
  const changes = changesOf(file, draft);
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group === undefined || before === undefined || change.oldStart - before.oldEnd > 2 * CONTEXT)
      groups.push([change]);
    else group.push(change);
  }
  return {
    diff: groups.map((group) => hunkText(file, draft, group)).join(""),
    added: changes.reduce((count, change) => count + change.newEnd - change.newStart, 0),
    removed: changes.reduce((count, change) => count + change.oldEnd - change.oldStart, 0),
  };
}

function changesOf(file: TextFile, draft: Draft): readonly Change[] {
  const changes: Change[] = [];
  let oldAt = 0;
  let newStart = 0;
  for (let newAt = 0; newAt <= draft.lines.length; newAt += 1) {
    const origin = newAt < draft.lines.length ? unchangedOrigin(file, draft, newAt) : file.lines.length;
    if (origin === undefined) continue;
    if (origin > oldAt || newAt > newStart) changes.push({ oldStart: oldAt, oldEnd: origin, newStart, newEnd: newAt });
    oldAt = origin + 1;
    newStart = newAt + 1;
  }
  return changes;
}

/** A kept line that got an end it did not have counts as changed. */
function unchangedOrigin(file: TextFile, draft: Draft, at: number): number | undefined {
  const origin = draft.origins[at]!;
  return origin >= 0 && file.ends[origin] === draft.ends[at] ? origin : undefined;
}

function hunkText(file: TextFile, draft: Draft, changes: readonly Change[]): string {
  const first = changes[0]!;
  const last = changes.at(-1)!;
  const before = Math.min(CONTEXT, first.oldStart);
  const after = Math.min(CONTEXT, file.lines.length - last.oldEnd);
  const oldRange = rangeText(first.oldStart - before, last.oldEnd + after);
  const newRange = rangeText(first.newStart - before, last.newEnd + after);
  let text = `@@ -${oldRange} +${newRange} @@\n`;
  let oldAt = first.oldStart - before;
  for (const change of changes) {
    text += linesText(" ", file, { from: oldAt, to: change.oldStart });
    text += linesText("-", file, { from: change.oldStart, to: change.oldEnd });
    text += linesText("+", draft, { from: change.newStart, to: change.newEnd });
    oldAt = change.oldEnd;
  }
  return text + linesText(" ", file, { from: oldAt, to: oldAt + after });
}

/** An empty range is named by the line before it. */
function rangeText(from: number, to: number): string {
  return `${from < to ? from + 1 : from},${to - from}`;
}

function linesText(
  sign: " " | "-" | "+",
  source: { readonly lines: readonly string[]; readonly ends: readonly LineEnd[] },
  range: { readonly from: number; readonly to: number },
): string {
  let text = "";
  for (let at = range.from; at < range.to; at += 1) {
    const end = source.ends[at] || "\n\\ No newline at end of file\n";
    text += `${sign}${source.lines[at]}${end}`;
  }
  return text;
}
