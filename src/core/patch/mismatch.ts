import { AgentError } from "../../protocol/errors.ts";
import { type LineIndex, looseLine } from "./lineIndex.ts";
import type { Hunk } from "./operation.ts";
import { quote, shorten } from "./quote.ts";

/** A hunk that was not found. */
export interface Miss {
  readonly index: LineIndex;
  readonly file: string;
  readonly hunk: Hunk;
  /** Counting from 1 within its file. */
  readonly number: number;
  /** The index of the first line that was searched. */
  readonly from: number;
}

const LINES_SHOWN = 6;
/** Beyond this a line that a hunk repeats says too little about where the hunk belongs. */
const OFFSETS_OF_A_LINE = 8;
const ADVICE = "Nothing was changed. Read the file again and send a patch that quotes its lines as they are.";

/** A `patchMismatch` for a `@@` header that names no line of the file. */
export function contextMismatch(miss: Miss & { readonly context: string }): AgentError {
  const { index, context, from } = miss;
  const quoted = quotedLines(miss.hunk);
  const found = quoted.length > 0 ? index.find(quoted, from) : undefined;
  const hint =
    found !== undefined
      ? `The hunk's own lines are there, at line ${found + 1}: a plain "@@" is enough.`
      : (earlierHint(miss, [context]) ?? nearestHint(index, [context]));
  return mismatch(miss, `the line of its "@@" header is not in the file${whereSought(from)}`, [context], hint);
}

/** A `patchMismatch` for lines that a hunk keeps or removes. */
export function linesMismatch(miss: Miss): AgentError {
  const quoted = quotedLines(miss.hunk);
  const hint = earlierHint(miss, quoted) ?? appliedHint(miss) ?? nearestHint(miss.index, quoted);
  return mismatch(miss, `these lines are not in the file${whereSought(miss.from)}`, quoted, hint);
}

function mismatch(miss: Miss, reason: string, sought: readonly string[], hint: string): AgentError {
  const shown = sought.slice(0, LINES_SHOWN).map((line) => `    ${shorten(line)}`);
  if (sought.length > LINES_SHOWN) shown.push(`    ... ${sought.length - LINES_SHOWN} more`);
  const empty = miss.index.lines.length === 0 ? "The file is empty." : hint;
  const parts = [`Hunk ${miss.number} of "${miss.file}" does not match: ${reason}:`, ...shown, empty, ADVICE];
  return new AgentError("patchMismatch", parts.filter((part) => part !== "").join("\n"));
}

function quotedLines(hunk: Hunk): readonly string[] {
  return hunk.lines.filter((line) => line.kind !== "add").map((line) => line.text);
}

function whereSought(from: number): string {
  return from === 0 ? "" : ` from line ${from + 1} on`;
}

function earlierHint(miss: Miss, sought: readonly string[]): string | undefined {
  const at = miss.from > 0 ? miss.index.find(sought, 0) : undefined;
  if (at === undefined) return undefined;
  return `That is at line ${at + 1}, too early: hunks come in the order of the file's lines, each below its "@@" header.`;
}

function appliedHint(miss: Miss): string | undefined {
  const wanted = miss.hunk.lines.filter((line) => line.kind !== "remove").map((line) => line.text);
  const changes = miss.hunk.lines.some((line) => line.kind === "add" && line.text.trim() !== "");
  const at = changes ? miss.index.find(wanted, 0) : undefined;
  return at === undefined
    ? undefined
    : `The result of the hunk is already at line ${at + 1}: it may have been applied before.`;
}

function nearestHint(index: LineIndex, sought: readonly string[]): string {
  const lines = index.looseLines();
  const loose = sought.map(looseLine);
  const start = mostAgreeing(lines, loose);
  if (start === undefined) {
    const at = mostSimilar(lines, loose);
    return at === undefined ? "" : `The nearest is line ${at + 1}, ${quote(index.lines[at]!)}.`;
  }
  const agreeing = loose.filter((line, offset) => lines[start + offset] === line).length;
  const differing = loose.findIndex((line, offset) => lines[start + offset] !== line);
  const found = index.lines[start + differing];
  const theirs = found === undefined ? "the file has ended" : `the file has ${quote(found)}`;
  return `The nearest place is line ${start + 1}, where ${agreeing} of ${loose.length} lines agree; at line ${start + differing + 1} ${theirs} and the patch ${quote(sought[differing] ?? "")}.`;
}

/** Where most of the sought lines agree with the file, the first of several such lines; blank lines do not count. */
function mostAgreeing(lines: readonly string[], sought: readonly string[]): number | undefined {
  const offsets = new Map<string, number[]>();
  for (const [offset, line] of sought.entries()) {
    const known = offsets.get(line) ?? [];
    if (line !== "" && known.length < OFFSETS_OF_A_LINE) offsets.set(line, [...known, offset]);
  }
  const votes = new Map<number, number>();
  let best: number | undefined;
  for (const [at, line] of lines.entries()) {
    for (const offset of offsets.get(line) ?? []) {
      const start = at - offset;
      votes.set(start, (votes.get(start) ?? 0) + 1);
      if (start >= 0 && votes.get(start)! > (votes.get(best ?? Number.NaN) ?? 0)) best = start;
    }
  }
  return best;
}

/** The line that shares the most of its beginning and end with the longest sought line, when that is at least half of it. */
function mostSimilar(lines: readonly string[], sought: readonly string[]): number | undefined {
  const longest = sought.reduce((left, right) => (right.length > left.length ? right : left), "");
  let best: number | undefined;
  let bestShare = 0.5;
  for (const [at, line] of lines.entries()) {
    const share = sharedEnds(line, longest) / Math.max(line.length, longest.length, 1);
    if (share < bestShare || (share === bestShare && best !== undefined)) continue;
    best = at;
    bestShare = share;
  }
  return best;
}

/** How many characters two lines have in common at their beginning and their end. */
function sharedEnds(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left.charCodeAt(head) === right.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < shorter - head &&
    left.charCodeAt(left.length - 1 - tail) === right.charCodeAt(right.length - 1 - tail)
  ) {
    tail += 1;
  }
  return head + tail;
}
