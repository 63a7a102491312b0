import { differingBlocks } from "../../core/patch/lineBlocks.ts";
import type { LineBlock } from "../../core/patch/nearBlocks.ts";

/** One replacement in a text. Offsets are UTF-16 code units in the text before all edits; the end is exclusive. */
export interface TextReplacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Replacements, in order and without overlap, that make `after` out of `before` and leave alone what both have in common,
 * so that cursors, folds and marks in between stay where they are. Lines that occur once on both sides serve as anchors.
 */
export function minimalEdits(before: string, after: string): TextReplacement[] {
  const left = linesOf(before);
  const right = linesOf(after);
  const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);
  return differingBlocks(texts(left), texts(right)).map((block) => replacement(block, left, right));
}

interface Line {
  /** With its end. */
  readonly text: string;
  readonly start: number;
}

function linesOf(text: string): Line[] {
  let start = 0;
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const found = { text: line, start };
    start += line.length;
    return found;
  });
}

/** The block as one replacement, without the characters that both sides begin and end with. */
function replacement(block: LineBlock, left: readonly Line[], right: readonly Line[]): TextReplacement {
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
