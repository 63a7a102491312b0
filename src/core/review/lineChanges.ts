import { diffArrays } from "diff";
import { differingBlocks } from "../patch/lineBlocks.ts";
import type { LineBlock } from "../patch/nearBlocks.ts";

/** Lines [start, end) of a text give way to `lines`. */
export interface LineChange {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** A block with more lines than this on both sides together, and without a line that is unique in it, is replaced as a whole. */
const MAX_COMPARED_LINES = 400;

/** The lines of a text with their ends, as an editor counts them: "\r\n", "\n" and a lone "\r" end one. An empty text has none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** What makes `after` out of `before`: in order, and with an unchanged line between any two. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  const changes = differingBlocks(before, after).flatMap((block) => changesIn(block, before, after));
  return changes.map((change, at) => slidDown(change, before, changes[at + 1]?.start ?? before.length + 1));
}

/**
 * A block of lines that was added or removed between like lines, as far down as it may stand: it then begins where a person would say that it
 * does, at the head of a function and not at the closing brace above it. It stays apart from the next change.
 */
function slidDown(change: LineChange, before: readonly string[], nextStart: number): LineChange {
  const { lines } = change;
  let { start, end } = change;
  if (start === end && lines.length > 0) {
    let slid = 0;
    const first = (at: number) => (at < lines.length ? lines[at] : before[start + at - lines.length]);
    while (start + slid + 1 < nextStart && before[start + slid] === first(slid)) slid++;
    const moved = [...lines, ...before.slice(start, start + slid)].slice(slid);
    return slid === 0 ? change : { start: start + slid, end: end + slid, lines: moved };
  }
  if (lines.length > 0) return change;
  while (end + 1 < nextStart && before[start] === before[end]) {
    start++;
    end++;
  }
  return start === change.start ? change : { start, end, lines };
}

function changesIn(block: LineBlock, before: readonly string[], after: readonly string[]): LineChange[] {
  const { leftFrom, leftTo, rightFrom, rightTo } = block;
  const whole = { start: leftFrom, end: leftTo, lines: after.slice(rightFrom, rightTo) };
  const removed = leftTo - leftFrom;
  const added = rightTo - rightFrom;
  if (removed === 0 || added === 0 || removed + added > MAX_COMPARED_LINES) return [whole];
  const changes: { start: number; end: number; lines: string[] }[] = [];
  let at = leftFrom;
  for (const part of diffArrays(before.slice(leftFrom, leftTo), whole.lines)) {
    const last = changes.at(-1);
    const end = part.removed ? at + part.count : at;
    if (part.added || part.removed) {
      const lines = part.added ? part.value : [];
      if (last?.end === at) Object.assign(last, { end, lines: [...last.lines, ...lines] });
      else changes.push({ start: at, end, lines });
    }
    if (!part.added) at += part.count;
  }
  return changes;
}
