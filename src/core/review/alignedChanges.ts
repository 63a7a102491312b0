import { diffChars } from "diff";
import type { LineChange } from "./lineChanges.ts";

/** A change with more characters than this on both sides together is not looked into. */
const MAX_COMPARED_CHARACTERS = 8000;
/** Texts that differ in more characters than this have no lines in common that a person would see. */
const MAX_EDIT_LENGTH = 1000;

/**
 * The same changes, each in as many as it was made of: what was typed into neighbouring lines, or into one and above it, is one change of them
 * all to whoever looks only then, and several here. Lines are parted where one ends or begins as it did before.
 */
export function alignedChanges(before: readonly string[], changes: readonly LineChange[]): LineChange[] {
  return changes.flatMap((change) => partsOf(change, before.slice(change.start, change.end)));
}

function partsOf(change: LineChange, before: readonly string[]): LineChange[] {
  const { start, lines } = change;
  const isOne = before.length === 0 || lines.length === 0 || (before.length === 1 && lines.length === 1);
  const [left, right] = [before.join(""), lines.join("")];
  if (isOne || left.length + right.length > MAX_COMPARED_CHARACTERS) return [change];
  const [leftEnds, rightEnds] = [endsOf(before), endsOf(lines)];
  const parts: LineChange[] = [];
  let [at, rightAt] = [0, 0];
  for (const [place, rightPlace] of [...keptPlaces(left, right), [left.length, right.length] as const]) {
    const to = leftEnds.get(place);
    const rightTo = rightEnds.get(rightPlace);
    if (to === undefined || rightTo === undefined || (to === at && rightTo === rightAt)) continue;
    parts.push({ start: start + at, end: start + to, lines: lines.slice(rightAt, rightTo) });
    [at, rightAt] = [to, rightTo];
  }
  return parts;
}

/** How many lines there are before each place between two of them. */
function endsOf(lines: readonly string[]): ReadonlyMap<number, number> {
  const counts = new Map([[0, 0]]);
  let end = 0;
  for (const line of lines) {
    end += line.length;
    counts.set(end, counts.size);
  }
  return counts;
}

/** Places before and after characters that both texts have there, in the one and in the other, in order. */
function* keptPlaces(left: string, right: string): Generator<readonly [number, number]> {
  let at = 0;
  let rightAt = 0;
  for (const { added, removed, value } of diffChars(left, right, { maxEditLength: MAX_EDIT_LENGTH }) ?? []) {
    if (!added && !removed && /[^\r\n]/.test(value))
      for (let offset = 0; offset <= value.length; offset++) yield [at + offset, rightAt + offset];
    if (!added) at += value.length;
    if (!removed) rightAt += value.length;
  }
}
