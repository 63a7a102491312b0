import type { ChangeAuthor } from "../../protocol/review.ts";
import { alignedChanges } from "./alignedChanges.ts";
import { clustersOf } from "./clusters.ts";
import {
  currentLines,
  type FileReview,
  isDormant,
  isEdited,
  type Region,
  sameLines,
  withAuthor,
} from "./fileReview.ts";
import { lineChanges } from "./lineChanges.ts";

/** The review after the agent has made the text `after`: what is different now is proposed by the author. */
export function editedByAgent(review: FileReview, after: readonly string[], author: ChangeAuthor): FileReview {
  return editedByAgents(review, after, [author]);
}

/** The same for what several calls of the agent made. */
export function editedByAgents(review: FileReview, after: readonly string[], by: readonly ChangeAuthor[]): FileReview {
  const { baseline } = review;
  const current = currentLines(review);
  const clusters = clustersOf(review, current, { changes: lineChanges(current, after), joins: () => "adjoining" });
  const regions = clusters.flatMap(({ start, end, before, now, regions: old, changed }) => {
    if (!changed) return old;
    // What was undone and is tried again is the new try alone.
    const isAnew = old.length > 0 && old.every((region) => region.undone && isDormant(review, region));
    const authors = authorsOf(isAnew ? [] : old, by);
    const proposed = !isAnew && old.some(isEdited) ? before : now;
    return tidied({ start, end, current: now, proposed, authors }, baseline);
  });
  return { baseline, regions };
}

/**
 * The review after somebody else has made the text `after`. What lies apart from the agent's changes becomes part of the baseline as well:
 * it is never under review, and no undo takes it away.
 */
export function editedByOthers(review: FileReview, after: readonly string[]): FileReview {
  const current = currentLines(review);
  const changes = alignedChanges(current, lineChanges(current, after));
  if (changes.length === 0) return review;
  // Next to a last line without an end nothing lies apart: taking either away could glue lines together.
  const unended = [review.baseline, current, after].some((lines) => isUnended(lines.at(-1)));
  const joins = (end: number) => (unended && end === current.length ? "adjoining" : "overlapping");
  const baseline: (readonly string[])[] = [];
  const regions: Region[] = [];
  let from = 0;
  let moved = 0;
  for (const { start, end, before, now, regions: old, changed } of clustersOf(review, current, { changes, joins })) {
    const part = review.baseline.slice(start, end);
    // What was undone comes back as it was, or not at all: other text in its place is somebody's own.
    const isBack = sameLines(now, before) || (old.length === 1 && old[0]?.undone && sameLines(now, old[0].undone));
    const isApart = changed && old.every((region) => isDormant(review, region)) && !isBack;
    baseline.push(review.baseline.slice(from, start), isApart ? now : part);
    from = end;
    if (isApart) moved += now.length - part.length;
    else if (changed) {
      const region = { start, end, current: now, proposed: before, authors: authorsOf(old) };
      regions.push(...tidied(region, review.baseline).map((one) => shifted(one, moved)));
    } else regions.push(...old.map((one) => shifted(one, moved)));
  }
  return { baseline: baseline.concat([review.baseline.slice(from)]).flat(), regions };
}

/** The review with these regions accepted: the text stays, and they are no longer under review. */
export function withKept(review: FileReview, kept: ReadonlySet<Region>): FileReview {
  const baseline: (readonly string[])[] = [];
  const regions: Region[] = [];
  let from = 0;
  let moved = 0;
  for (const region of review.regions) {
    if (!kept.has(region)) {
      regions.push(shifted(region, moved));
      continue;
    }
    baseline.push(review.baseline.slice(from, region.start), region.current);
    from = region.end;
    moved += region.current.length - (region.end - region.start);
  }
  return { baseline: baseline.concat([review.baseline.slice(from)]).flat(), regions };
}

/** The review with these regions as the baseline has them. They turn dormant. */
export function withUndone(review: FileReview, undone: ReadonlySet<Region>): FileReview {
  const { baseline } = review;
  const regions = review.regions.map((region) =>
    undone.has(region)
      ? { ...region, current: baseline.slice(region.start, region.end), undone: region.current }
      : region,
  );
  return { baseline, regions };
}

function shifted(region: Region, by: number): Region {
  return by === 0 ? region : { ...region, start: region.start + by, end: region.end + by };
}

function authorsOf(regions: readonly Region[], more: readonly ChangeAuthor[] = []): readonly ChangeAuthor[] {
  return [...regions.flatMap((region) => region.authors), ...more].reduce<readonly ChangeAuthor[]>(withAuthor, []);
}

/** The region as one or more that are no longer than they must be; none when it says nothing any more. */
function tidied(region: Region, baseline: readonly string[]): Region[] {
  const { start, end, current, proposed } = region;
  const part = baseline.slice(start, end);
  if (isEdited(region)) {
    const head = commonHead([part, current, proposed]);
    const tail = commonHead([part, current, proposed].map((lines) => lines.slice(head).reverse()));
    const inner = (lines: readonly string[]) => lines.slice(head, lines.length - tail);
    return [{ ...region, start: start + head, end: end - tail, current: inner(current), proposed: inner(proposed) }];
  }
  return lineChanges(part, current).map((change) => ({
    ...region,
    start: start + change.start,
    end: start + change.end,
    current: change.lines,
    proposed: change.lines,
  }));
}

function commonHead([first, ...others]: readonly (readonly string[])[]): number {
  const at = first?.findIndex((line, index) => others.some((lines) => lines[index] !== line)) ?? 0;
  return at < 0 ? (first?.length ?? 0) : at;
}

function isUnended(line: string | undefined): boolean {
  return line !== undefined && !/[\r\n]$/.test(line);
}
