import { encodeText } from "./encoding.ts";
import type { LineEnd, TextFile } from "./text.ts";

/** A file's lines on their way to the new content. Each knows the line of the file that it is, so nothing needs to be compared again. */
export interface Draft {
  readonly lines: readonly string[];
  readonly ends: readonly LineEnd[];
  /** The index of the file's line that is kept here, in rising order; -1 for a new line. */
  readonly origins: readonly number[];
}

/** `removed` lines from `start` on give way to the `added` ones. */
export interface Splice {
  readonly start: number;
  readonly removed: number;
  readonly added: readonly string[];
}

const NEW_LINE = -1;

export function draftOf(file: TextFile): Draft {
  return { lines: file.lines, ends: file.ends, origins: file.lines.map((_, at) => at) };
}

/** The splice without the lines at its two ends that it would only replace by themselves; undefined when nothing is left. */
export function narrowSplice(lines: readonly string[], splice: Splice): Splice | undefined {
  const { start, removed, added } = splice;
  const shorter = Math.min(removed, added.length);
  let head = 0;
  while (head < shorter && lines[start + head] === added[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && lines[start + removed - 1 - tail] === added[added.length - 1 - tail]) tail += 1;
  if (head + tail === removed && head + tail === added.length) return undefined;
  return { start: start + head, removed: removed - head - tail, added: added.slice(head, added.length - tail) };
}

/**
 * Applies splices, which are sorted by start and do not overlap. Line ends:
 * - The nth new line takes the end of the nth removed one; further ones that of the last removed; with none removed, that of the line above,
 *   else of the line below, else a line feed.
 * - A last line without an end stays so where it is kept last. Where lines now follow it, it gets the end of the line above it, else a
 *   line feed; and a new line that is then the last has no end, as the last line had none before. So one empty line added after it
 *   adds nothing but the missing final line end.
 * - A kept line never loses its end, also when the lines after it are removed.
 */
export function applySplices(draft: Draft, splices: readonly Splice[]): Draft {
  const next = { lines: [] as string[], ends: [] as LineEnd[], origins: [] as number[] };
  let kept = 0;
  for (const splice of splices) {
    keepLines(next, draft, { from: kept, to: splice.start });
    for (const [nth, text] of splice.added.entries()) {
      terminateLast(next);
      next.lines.push(text);
      next.ends.push(endForNewLine(draft, splice, nth) || endAbove(next.ends, next.ends.length));
      next.origins.push(NEW_LINE);
    }
    kept = splice.start + splice.removed;
  }
  keepLines(next, draft, { from: kept, to: draft.lines.length });
  if (draft.ends.at(-1) === "") unterminateNewLast(next);
  return next;
}

/** The bytes of the new content: the file's own wherever a line is kept. Throws AgentError `unfaithful`; `name` is for its message. */
export function draftBytes(file: TextFile, draft: Draft, name: string): Uint8Array {
  const parts = [file.bytes.subarray(0, file.markLength)];
  const { lines, ends, origins } = draft;
  for (let at = 0; at < lines.length; ) {
    const from = at;
    if (origins[at] === NEW_LINE) {
      let text = "";
      for (; at < lines.length && origins[at] === NEW_LINE; at += 1) text += lines[at]! + ends[at]!;
      parts.push(encodeText(text, file.encoding, name));
      continue;
    }
    const first = origins[from]!;
    while (at < lines.length && origins[at] === first + at - from) at += 1;
    const last = first + at - from - 1;
    parts.push(file.bytes.subarray(file.starts[first]!, file.starts[last + 1]!));
    if (file.ends[last] === "") parts.push(encodeText(ends[at - 1]!, file.encoding, name));
  }
  return concatenate(parts);
}

type Growing = { readonly lines: string[]; readonly ends: LineEnd[]; readonly origins: number[] };

function keepLines(next: Growing, draft: Draft, range: { readonly from: number; readonly to: number }): void {
  for (let at = range.from; at < range.to; at += 1) {
    next.lines.push(draft.lines[at]!);
    next.ends.push(draft.ends[at]!);
    next.origins.push(draft.origins[at]!);
  }
}

function endForNewLine(draft: Draft, splice: Splice, nth: number): LineEnd {
  if (splice.removed > 0) return draft.ends[splice.start + Math.min(nth, splice.removed - 1)]!;
  return (splice.start > 0 ? draft.ends[splice.start - 1] : draft.ends[splice.start]) ?? "";
}

function terminateLast(next: Growing): void {
  const last = next.ends.length - 1;
  if (next.ends[last] === "") next.ends[last] = endAbove(next.ends, last);
}

function endAbove(ends: readonly LineEnd[], at: number): LineEnd {
  return ends[at - 1] || "\n";
}

/** An empty line without an end has no bytes: it is no line. */
function unterminateNewLast(next: Growing): void {
  const last = next.lines.length - 1;
  if (next.origins[last] !== NEW_LINE) return;
  next.ends[last] = "";
  if (next.lines[last] !== "") return;
  next.lines.pop();
  next.ends.pop();
  next.origins.pop();
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
