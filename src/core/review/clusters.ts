import { type FileReview, type Region, sameLines } from "./fileReview.ts";
import type { LineChange } from "./lineChanges.ts";

/** Regions and changes that cannot be told apart, as one. */
export interface Cluster {
  /** Lines [start, end) of the baseline. */
  readonly start: number;
  readonly end: number;
  /** What the agent had put in their place before the changes. */
  readonly before: readonly string[];
  /** What stands there after them. */
  readonly now: readonly string[];
  readonly regions: readonly Region[];
  /** True when one of the changes is in it. */
  readonly changed: boolean;
}

export interface Changes {
  /** Of the current text: in order, and without overlap. */
  readonly changes: readonly LineChange[];
  /** Whether what ends at this line of the current text belongs together when it only adjoins, or when it overlaps. */
  joins(end: number): "adjoining" | "overlapping";
}

/** A region or a change, where it stands in the current text: lines [from, to). */
interface Placed {
  from: number;
  to: number;
  readonly regions: { readonly region: Region; readonly from: number; readonly to: number }[];
  readonly changes: LineChange[];
}

/** All regions and changes in their order, those that touch together. */
export function clustersOf(review: FileReview, current: readonly string[], { changes, joins }: Changes): Cluster[] {
  const groups: Placed[] = [];
  for (const next of placed(review.regions, changes)) {
    const last = groups.at(-1);
    if (last && (touches(last, next, joins) || isReturn(last, next, review))) {
      last.to = Math.max(last.to, next.to);
      last.regions.push(...next.regions);
      last.changes.push(...next.changes);
    } else groups.push(next);
  }
  let shift = 0;
  return groups.map((group) => {
    const start = group.from - shift;
    const regions = group.regions.map(({ region }) => region);
    for (const region of regions) shift += region.current.length - (region.end - region.start);
    const proposals = group.regions.map(({ region, from, to }) => ({ from, to, lines: region.proposed }));
    const changes = group.changes.map(({ start: from, end: to, lines }) => ({ from, to, lines }));
    return {
      start,
      end: group.to - shift,
      before: spliced(current, group, proposals),
      now: spliced(current, group, changes),
      regions,
      changed: changes.length > 0,
    };
  });
}

/** In the order of their places. At the same one, an empty region comes before a change, and an insertion before any other region. */
function* placed(regions: readonly Region[], changes: readonly LineChange[]): Generator<Placed> {
  let shift = 0;
  let at = 0;
  for (const region of regions) {
    const from = region.start + shift;
    const to = from + region.current.length;
    shift += region.current.length - (region.end - region.start);
    for (let change = changes[at]; change && isBefore(change, { from, to }); change = changes[++at])
      yield ofChange(change);
    yield { from, to, regions: [{ region, from, to }], changes: [] };
  }
  for (const change of changes.slice(at)) yield ofChange(change);
}

function isBefore({ start, end }: LineChange, region: { from: number; to: number }): boolean {
  return start < region.from || (start === region.from && start === end && region.from < region.to);
}

function ofChange(change: LineChange): Placed {
  return { from: change.start, to: change.end, regions: [], changes: [change] };
}

function touches(one: Placed, next: Placed, joins: Changes["joins"]): boolean {
  if (one.from < next.to && next.from < one.to) return true;
  const isChanged = one.changes.length > 0 || next.changes.length > 0;
  return isChanged && next.from <= one.to && joins(Math.max(one.to, next.to)) === "adjoining";
}

/**
 * Lines that the agent inserted and that were taken away come back, or those that it deleted: neither they nor the place that they left
 * overlap anything.
 */
function isReturn({ to, regions }: Placed, { from, changes: [change] }: Placed, { baseline }: FileReview): boolean {
  const last = regions.at(-1);
  if (!last || !change || from !== to || last.from < to || change.end > from) return false;
  const { start, end, proposed, undone = proposed } = last.region;
  return [undone, proposed, baseline.slice(start, end)].some((lines) => sameLines(change.lines, lines));
}

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** The group's lines of the text with the replacements made. */
function spliced(text: readonly string[], { from, to }: Placed, replacements: readonly Replacement[]): string[] {
  const parts: (readonly string[])[] = [];
  let at = from;
  for (const replacement of replacements) {
    parts.push(text.slice(at, replacement.from), replacement.lines);
    at = replacement.to;
  }
  return parts.concat([text.slice(at, to)]).flat();
}
