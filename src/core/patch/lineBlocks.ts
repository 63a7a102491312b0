import { type LineBlock, nearBlocks } from "./nearBlocks.ts";

/** Two texts with more lines together are first compared by walking along both. */
const MANY_LINES = 4000;
/** Blocks with more lines than this are not searched for lines in common. */
const MAX_SEARCHED_LINES = 1_000_000;

/**
 * Where two texts differ, in order and without overlap. Lines that occur once on both sides serve as anchors, so the effort grows with the
 * length and not with the differences; what lies between two anchors without another one is one block.
 */
export function differingBlocks(left: readonly string[], right: readonly string[]): LineBlock[] {
  const all = shrink({ leftFrom: 0, leftTo: left.length, rightFrom: 0, rightTo: right.length }, left, right);
  const isLarge = all.leftTo - all.leftFrom + all.rightTo - all.rightFrom > MANY_LINES;
  const near = isLarge ? nearBlocks(all, left, right) : { found: [], rest: all };
  const found: LineBlock[] = [...near.found];
  const blocks: LineBlock[] = near.rest ? [near.rest] : [];
  while (blocks.length > 0) {
    const block = shrink(blocks.pop()!, left, right);
    if (block.leftFrom === block.leftTo && block.rightFrom === block.rightTo) continue;
    const parts = split(block, left, right);
    if (parts.length === 1) found.push(block);
    else for (const part of parts.reverse()) blocks.push(part);
  }
  return found;
}

/** The block without the lines that both sides begin and end with. */
function shrink(block: LineBlock, left: readonly string[], right: readonly string[]): LineBlock {
  let { leftFrom, leftTo, rightFrom, rightTo } = block;
  while (leftFrom < leftTo && rightFrom < rightTo && left[leftFrom] === right[rightFrom]) {
    leftFrom++;
    rightFrom++;
  }
  while (leftFrom < leftTo && rightFrom < rightTo && left[leftTo - 1] === right[rightTo - 1]) {
    leftTo--;
    rightTo--;
  }
  return { leftFrom, leftTo, rightFrom, rightTo };
}

/** The block cut at its anchors; just itself when there are none. */
function split(block: LineBlock, left: readonly string[], right: readonly string[]): LineBlock[] {
  if (block.leftFrom === block.leftTo || block.rightFrom === block.rightTo) return [block];
  const parts: LineBlock[] = [];
  let { leftFrom, rightFrom } = block;
  for (const [leftAt, rightAt] of anchors(block, left, right)) {
    parts.push({ leftFrom, leftTo: leftAt, rightFrom, rightTo: rightAt });
    leftFrom = leftAt + 1;
    rightFrom = rightAt + 1;
  }
  return [...parts, { ...block, leftFrom, rightFrom }];
}

/** Pairs of equal lines that are unique within the block on both sides, ascending on both sides. */
function anchors(block: LineBlock, left: readonly string[], right: readonly string[]): [number, number][] {
  if (block.leftTo - block.leftFrom > MAX_SEARCHED_LINES || block.rightTo - block.rightFrom > MAX_SEARCHED_LINES)
    return [];
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
function uniqueLines(lines: readonly string[], from: number, to: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = from; at < to; at++) {
    const text = lines[at]!;
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
      if (pairs[tails[middle]!]![1] < value) low = middle + 1;
      else high = middle;
    }
    previous[at] = tails[low - 1] ?? -1;
    tails[low] = at;
  });
  const run: [number, number][] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) run.push(pairs[at]!);
  return run.reverse();
}
