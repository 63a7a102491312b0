import type { ReviewHunk } from "../../protocol/review.ts";

/** Where a hunk stands in a document: lines [start, end), counting from 0. Where lines were only deleted, both are the line after them. */
export interface HunkPlace {
  readonly hunk: ReviewHunk;
  readonly start: number;
  readonly end: number;
}

/** One replacement in a document, as the editor tells it: lines count from 0. */
export interface DocumentChange {
  readonly startLine: number;
  readonly endLine: number;
  readonly endCharacter: number;
  /** Line ends in the text that came. */
  readonly addedLines: number;
}

/** In the file as it is now. */
export function currentPlaces(hunks: readonly ReviewHunk[]): HunkPlace[] {
  return hunks.map((hunk) => ({ hunk, start: hunk.newStart - 1, end: hunk.newStart - 1 + hunk.newCount }));
}

/** In the baseline. */
export function baselinePlaces(hunks: readonly ReviewHunk[]): HunkPlace[] {
  return hunks.map((hunk) => ({ hunk, start: hunk.oldStart - 1, end: hunk.oldStart - 1 + hunk.oldCount }));
}

/** False for places that are those of another text: they lead beyond the document's end. */
export function fits(places: readonly HunkPlace[], lineCount: number): boolean {
  return places.every(({ end }) => end <= lineCount);
}

/** The places after a change of the document, which counts as one of a hunk where it touches the hunk's lines. */
export function movedPlaces(places: readonly HunkPlace[], change: DocumentChange): HunkPlace[] {
  return places.map((place) => movedPlace(place, change));
}

function movedPlace(place: HunkPlace, { startLine, endLine, endCharacter, addedLines }: DocumentChange): HunkPlace {
  const { hunk, start, end } = place;
  const shift = addedLines - (endLine - startLine);
  if (endLine < start || (endLine === start && endCharacter === 0))
    return { hunk, start: start + shift, end: end + shift };
  if (startLine >= end) return place;
  const from = Math.min(start, startLine);
  const touched = endCharacter === 0 ? endLine : endLine + 1;
  return { hunk, start: from, end: Math.max(from, Math.max(end, touched) + shift) };
}

/** The hunk that the line belongs to, as a number in the list; -1 when it belongs to none. Deleted lines stand between two. */
export function hunkAt(places: readonly HunkPlace[], line: number): number {
  const within = places.findIndex(({ start, end }) => start <= line && line < end);
  if (within >= 0) return within;
  return places.findIndex(({ start, end }) => start === end && (line === start || line === start - 1));
}

/** The hunk that is the fewest lines away; -1 when there is none. */
export function nearestHunk(places: readonly HunkPlace[], line: number): number {
  const at = hunkAt(places, line);
  if (at >= 0) return at;
  const distances = places.map(({ start, end }) => (line < start ? start - line : line - Math.max(start, end - 1)));
  return distances.indexOf(Math.min(...distances));
}

/** The next hunk from a line on, or the one before; -1 when it is the last, or the first. */
export function neighbourHunk(places: readonly HunkPlace[], line: number, step: 1 | -1): number {
  const at = hunkAt(places, line);
  if (at >= 0) return at + step < places.length ? at + step : -1;
  return step === 1
    ? places.findIndex(({ start }) => start > line)
    : places.findLastIndex(({ start }) => start <= line);
}

/** The next of some paths in their order, or the one before, round and round. From a path that is not among them it is where it would stand. */
export function neighbourPath(paths: readonly string[], path: string | undefined, step: 1 | -1): string | undefined {
  if (path === undefined) return step === 1 ? paths[0] : paths.at(-1);
  const others = paths.filter((other) => other !== path);
  return step === 1
    ? (others.find((other) => other > path) ?? others[0])
    : (others.findLast((other) => other < path) ?? others.at(-1));
}
