/** One replacement in a text. Offsets are UTF-16 code units in the text before all edits; the end is exclusive. */
export interface TextReplacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** More lines than this between two anchors are not searched for further ones: the replacement just spans them. */
const maxSearchedLines = 20_000;

/**
 * Replacements, in order and without overlap, that make `after` out of `before` and leave alone what both have in common,
 * so that cursors, folds and marks in between stay where they are. Lines that occur once on both sides serve as anchors.
 */
export function minimalEdits(before: string, after: string): TextReplacement[] {
  const left = linesOf(before);
  const right = linesOf(after);
  const edits: TextReplacement[] = [];
  const blocks: Block[] = [{ leftFrom: 0, leftTo: left.length, rightFrom: 0, rightTo: right.length }];
  while (blocks.length > 0) {
    const block = shrink(blocks.pop() as Block, left, right);
    if (block.leftFrom === block.leftTo && block.rightFrom === block.rightTo) continue;
    const parts = split(block, left, right);
    if (parts.length > 1) blocks.push(...parts.reverse());
    else edits.push(replacement(block, left, right));
  }
  return edits;
}

interface Line {
  /** With its end. */
  readonly text: string;
  readonly start: number;
}

/** Lines `leftFrom` up to `leftTo` become lines `rightFrom` up to `rightTo`. */
interface Block {
  readonly leftFrom: number;
  readonly leftTo: number;
  readonly rightFrom: number;
  readonly rightTo: number;
}

function linesOf(text: string): Line[] {
  let start = 0;
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const found = { text: line, start };
    start += line.length;
    return found;
  });
}

/** The block without the lines that both sides begin and end with. */
function shrink(block: Block, left: readonly Line[], right: readonly Line[]): Block {
  let { leftFrom, leftTo, rightFrom, rightTo } = block;
  while (leftFrom < leftTo && rightFrom < rightTo && left[leftFrom]?.text === right[rightFrom]?.text) {
    leftFrom++;
    rightFrom++;
  }
  while (leftFrom < leftTo && rightFrom < rightTo && left[leftTo - 1]?.text === right[rightTo - 1]?.text) {
    leftTo--;
    rightTo--;
  }
  return { leftFrom, leftTo, rightFrom, rightTo };
}

/** The block cut at its anchors; just itself when there are none. */
function split(block: Block, left: readonly Line[], right: readonly Line[]): Block[] {
  const parts: Block[] = [];
  let { leftFrom, rightFrom } = block;
  for (const [leftAt, rightAt] of anchors(block, left, right)) {
    parts.push({ leftFrom, leftTo: leftAt, rightFrom, rightTo: rightAt });
    leftFrom = leftAt + 1;
    rightFrom = rightAt + 1;
  }
  return [...parts, { ...block, leftFrom, rightFrom }];
}

/** Pairs of equal lines that are unique within the block on both sides, ascending on both sides. */
function anchors(block: Block, left: readonly Line[], right: readonly Line[]): [number, number][] {
  if (block.leftTo - block.leftFrom > maxSearchedLines || block.rightTo - block.rightFrom > maxSearchedLines) return [];
  const inLeft = uniqueLines(left, block.leftFrom, block.leftTo);
  const inRight = uniqueLines(right, block.rightFrom, block.rightTo);
  const pairs: [number, number][] = [];
  for (const [text, at] of inLeft) {
    const other = inRight.get(text);
    if (at >= 0 && other !== undefined && other >= 0) pairs.push([at, other]);
  }
  return longestAscending(pairs);
}

/** Where each line stands; -1 for one that occurs more than once. */
function uniqueLines(lines: readonly Line[], from: number, to: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = from; at < to; at++) {
    const text = lines[at]?.text ?? "";
    found.set(text, found.has(text) ? -1 : at);
  }
  return found;
}

/** The longest run of pairs whose second members ascend; the first members do already. */
function longestAscending(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = [];
  const previous: number[] = [];
  pairs.forEach(([, value], at) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[at] = tails[low - 1] ?? -1;
    tails[low] = at;
  });
  const run: [number, number][] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) run.push(pairs[at] as [number, number]);
  return run.reverse();
}

/** The block as one replacement, without the characters that both sides begin and end with. */
function replacement(block: Block, left: readonly Line[], right: readonly Line[]): TextReplacement {
  const old = left
    .slice(block.leftFrom, block.leftTo)
    .map(({ text }) => text)
    .join("");
  const next = right
    .slice(block.rightFrom, block.rightTo)
    .map(({ text }) => text)
    .join("");
  const last = left.at(-1);
  const start = left[block.leftFrom]?.start ?? (last ? last.start + last.text.length : 0);
  const shorter = Math.min(old.length, next.length);
  let head = 0;
  while (head < shorter && old[head] === next[head]) head++;
  while (head > 0 && splitsPair(old, head, next)) head--;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === next.at(-1 - tail)) tail++;
  while (tail > 0 && splitsPair(old, old.length - tail, next, next.length - tail)) tail--;
  return { start: start + head, end: start + old.length - tail, text: next.slice(head, next.length - tail) };
}

/** True when a cut would part a surrogate pair or the two characters of a CRLF in either text. */
function splitsPair(old: string, oldAt: number, next: string, nextAt = oldAt): boolean {
  return parted(old, oldAt) || parted(next, nextAt);
}

function parted(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  if (text[at - 1] === "\r" && text[at] === "\n") return true;
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff;
}
