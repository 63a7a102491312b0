import type { DiffLine } from "./parse.ts";

/** A stretch of a line, from and to in UTF-16 units. */
export interface Range {
  from: number;
  to: number;
}

/** Two lines count as one that was changed when at least this share of the longer one stayed. */
const ALIKE = 0.4;
/** Beyond this many pairs a block is shown without word highlights. */
const MOST_PAIRS = 400;

/**
 * What changed inside the lines, by line index: removed lines are paired with the added lines after them that resemble them. Of the two ranges of
 * a pair one may be empty: there the other line has something more.
 */
export function changedWords(lines: readonly DiffLine[]): Map<number, Range> {
  const ranges = new Map<number, Range>();
  let at = 0;
  while (at < lines.length) {
    const removed = stretch(lines, at, "-");
    const added = stretch(lines, removed, "+");
    if (removed > at && added > removed) pairLines(lines, { from: at, middle: removed, to: added }, ranges);
    at = Math.max(added, at + 1);
  }
  return ranges;
}

interface Block {
  from: number;
  middle: number;
  to: number;
}

function stretch(lines: readonly DiffLine[], from: number, sign: DiffLine["sign"]): number {
  let to = from;
  while (lines[to]?.sign === sign) to++;
  return to;
}

function pairLines(lines: readonly DiffLine[], block: Block, ranges: Map<number, Range>): void {
  if ((block.middle - block.from) * (block.to - block.middle) > MOST_PAIRS) return;
  let next = block.middle;
  for (let removed = block.from; removed < block.middle; removed++) {
    const before = lines[removed]?.text ?? "";
    const best = mostAlike(lines, before, { from: next, to: block.to });
    if (best === undefined) continue;
    const [old, now] = difference(before, lines[best]?.text ?? "");
    if (old.to > old.from || now.to > now.from) ranges.set(removed, old).set(best, now);
    next = best + 1;
  }
}

function mostAlike(lines: readonly DiffLine[], before: string, among: Range): number | undefined {
  let best: number | undefined;
  let most = ALIKE;
  for (let at = among.from; at < among.to; at++) {
    const likeness = alike(before, lines[at]?.text ?? "");
    if (likeness > most) [best, most] = [at, likeness];
  }
  return best;
}

function alike(a: string, b: string): number {
  const [old] = difference(a, b);
  const longer = Math.max(a.trim().length, b.trim().length);
  const indent = a.length - a.trimStart().length;
  return longer === 0 ? 0 : Math.max(0, a.length - indent - (old.to - old.from)) / longer;
}

/** What remains of both texts between their common start and end, widened to whole words. */
function difference(a: string, b: string): [Range, Range] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  while (start > 0 && insideWord(a, start) && insideWord(b, start)) start--;
  while (end > 0 && insideWord(a, a.length - end) && insideWord(b, b.length - end)) end--;
  return [
    { from: start, to: a.length - end },
    { from: start, to: b.length - end },
  ];
}

function insideWord(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at - 1)) && /\w/.test(text.charAt(at));
}
