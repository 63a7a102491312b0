import type { ChangeAuthor } from "../../protocol/review.ts";

/**
 * A text under review: what the user has accepted, and where it is different now. The text as it is now is the baseline with every region's
 * `current` in its place; nothing else is kept of it. Values are never changed in place.
 */
export interface FileReview {
  /** Lines with their ends. */
  readonly baseline: readonly string[];
  /** In order, without overlap. */
  readonly regions: readonly Region[];
}

/** Neighbouring lines that the agent changed. */
export interface Region {
  /** Lines [start, end) of the baseline. */
  readonly start: number;
  readonly end: number;
  /** What stands in their place. In a region that is dormant these are the baseline's own lines: it was undone, and may come back. */
  readonly current: readonly string[];
  /** What the agent put in their place; `current` differs from it when somebody else has changed it since. */
  readonly proposed: readonly string[];
  readonly authors: readonly ChangeAuthor[];
  /** In a region that was undone: what stood there until then, further changes included. */
  readonly undone?: readonly string[];
}

export function reviewOf(baseline: readonly string[]): FileReview {
  return { baseline, regions: [] };
}

/** The text as it is now. */
export function currentLines({ baseline, regions }: FileReview): string[] {
  const parts: (readonly string[])[] = [];
  let at = 0;
  for (const { start, end, current } of regions) {
    parts.push(baseline.slice(at, start), current);
    at = end;
  }
  return parts.concat([baseline.slice(at)]).flat();
}

/** True when somebody else has changed the region since the agent did, and it is not as it was before that. */
export function isEdited({ current, proposed }: Region): boolean {
  return !sameLines(current, proposed);
}

export function isDormant({ baseline }: FileReview, { start, end, current }: Region): boolean {
  return sameLines(current, baseline.slice(start, end));
}

export function sameLines(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}

export function withAuthor(authors: readonly ChangeAuthor[], author: ChangeAuthor): readonly ChangeAuthor[] {
  const isKnown = authors.some(
    ({ threadId, turnId, itemId }) =>
      threadId === author.threadId && turnId === author.turnId && itemId === author.itemId,
  );
  return isKnown ? authors : [...authors, author];
}
