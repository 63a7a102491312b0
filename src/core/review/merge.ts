import { diffArrays } from "diff";
import { sameBytes } from "../sameBytes.ts";

/** Files that differ in more lines than this are not compared: to the user they are other files. */
const MAX_EDIT_LENGTH = 2000;

/** Lines [start, end) of the base give way to these bytes. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * Both changes of the base in one file; undefined when they are not apart. Changes are apart when an unchanged line lies between them; where
 * both are the same, it is made once. Bytes are only ever moved as whole lines, so encodings and line ends do not matter.
 */
export function mergeChanges(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  const lines = linesOf(base);
  const one = changesOf(lines, linesOf(ours));
  const other = changesOf(lines, linesOf(theirs));
  if (!one || !other) return undefined;
  const added = other.filter((change) => !one.some((known) => isSame(known, change)));
  if (added.some((change) => one.some((known) => touches(known, change)))) return undefined;
  const all = [...one, ...added].sort((a, b) => a.start - b.start);
  return applied(lines, all);
}

interface Lines {
  readonly bytes: Uint8Array;
  /** Each with its end. */
  readonly texts: readonly string[];
  /** Where each begins, and after them the length of `bytes`. */
  readonly starts: readonly number[];
}

/** One character stands for each byte, whatever it means. */
function linesOf(bytes: Uint8Array): Lines {
  const texts = new TextDecoder("latin1").decode(bytes).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const starts = [0];
  for (const text of texts) starts.push(starts.at(-1)! + text.length);
  return { bytes, texts, starts };
}

/** What the other has in place of which lines of the base, in order; undefined when that is too much to be found. */
function changesOf(base: Lines, other: Lines): Change[] | undefined {
  const shorter = Math.min(base.texts.length, other.texts.length);
  let head = 0;
  while (head < shorter && base.texts[head] === other.texts[head]) head++;
  let tail = 0;
  while (tail < shorter - head && base.texts.at(-1 - tail) === other.texts.at(-1 - tail)) tail++;
  const end = (lines: Lines) => lines.texts.length - tail;
  const parts = diffArrays(base.texts.slice(head, end(base)), other.texts.slice(head, end(other)), {
    maxEditLength: MAX_EDIT_LENGTH,
  });
  if (!parts) return undefined;
  const changes: { start: number; end: number; from: number; to: number }[] = [];
  let at = head;
  let otherAt = head;
  for (const { added, removed, count } of parts) {
    const last = changes.at(-1);
    const change = { start: at, end: removed ? at + count : at, from: otherAt, to: added ? otherAt + count : otherAt };
    if (added || removed) {
      if (last && last.end === at && last.to === otherAt) Object.assign(last, { end: change.end, to: change.to });
      else changes.push(change);
    }
    if (!added) at += count;
    if (!removed) otherAt += count;
  }
  return changes.map(({ start, end: stop, from, to }) => ({
    start,
    end: stop,
    bytes: other.bytes.subarray(other.starts[from], other.starts[to]),
  }));
}

function isSame(one: Change, other: Change): boolean {
  return one.start === other.start && one.end === other.end && sameBytes(one.bytes, other.bytes);
}

function touches(one: Change, other: Change): boolean {
  return one.start <= other.end && other.start <= one.end;
}

function applied({ bytes, starts }: Lines, changes: readonly Change[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const change of changes) {
    parts.push(bytes.subarray(at, starts[change.start]), change.bytes);
    at = starts[change.end]!;
  }
  parts.push(bytes.subarray(at));
  const merged = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    merged.set(part, length);
    length += part.length;
  }
  return merged;
}
