import { currentLines, type FileReview, isDormant, isEdited, type Region, withAuthor } from "./fileReview.ts";
import { lineChanges } from "./lineChanges.ts";
import { withKept } from "./reviewEdits.ts";

/** A region where it stands in the text as it is now: lines [from, to). */
interface Placed {
  readonly of: "older" | "newer";
  readonly from: number;
  readonly to: number;
  readonly region: Region;
  /** What it stands in the place of. */
  readonly base: readonly string[];
}

/**
 * One review of a text that is under review twice. Where both have changed lines, these go back to all that either of them has as accepted, without
 * what is there now, or what the agent of the older one had put there.
 *
 * What the agent of the newer one had put there, and the older took for somebody's own before its agent replaced it, stays among the accepted lines.
 * The texts cannot tell it from a line of the user's that reads the same, which the older's agent had taken away before the newer began, and that
 * one must not be lost. Programs that see what the other keeps (`ChangeFiles.caughtUp`) never come here with it: they know whose it is.
 */
export function mergedReview(older: FileReview, newer: FileReview): FileReview {
  const now = currentLines(older);
  const all = [...placed(older, "older"), ...placed(newer, "newer")];
  all.sort((one, other) => one.from - other.from || one.to - other.to);
  const parts: (readonly string[])[] = [];
  const regions: Region[] = [];
  let at = 0;
  let start = 0;
  const pass = (lines: readonly string[]) => {
    parts.push(lines);
    start += lines.length;
  };
  for (const group of groupsOf(all)) {
    const { from, to, region, base } = joined(group, now);
    pass(now.slice(at, from));
    regions.push({ ...region, start, end: start + base.length });
    pass(base);
    at = to;
  }
  pass(now.slice(at));
  return { baseline: parts.flat(), regions };
}

/** What was undone and may come back, with all else accepted: the baseline is the text as it is now. */
export function onlyDormant(review: FileReview): FileReview {
  return withKept(review, new Set(review.regions.filter((region) => !isDormant(review, region))));
}

/** The review with what `onlyDormant` has of the same text, as far as that lies apart from what is under review. */
export function withDormant(review: FileReview, dormant: FileReview): FileReview {
  const places = placed(review, "newer");
  const isApart = ({ start, end }: Region) => places.every(({ from, to }) => end < from || start > to);
  return mergedReview({ ...dormant, regions: dormant.regions.filter(isApart) }, review);
}

function placed({ baseline, regions }: FileReview, of: Placed["of"]): Placed[] {
  let shift = 0;
  return regions.map((region) => {
    const { start, end, current } = region;
    const from = start + shift;
    shift += current.length - (end - start);
    return { of, from, to: from + current.length, region, base: baseline.slice(start, end) };
  });
}

/** Those that overlap or touch, together. */
function groupsOf(all: readonly Placed[]): Placed[][] {
  const groups: Placed[][] = [];
  let end = -1;
  for (const one of all) {
    if (one.from <= end) groups.at(-1)?.push(one);
    else groups.push([one]);
    end = Math.max(end, one.to);
  }
  return groups;
}

function joined(group: readonly Placed[], now: readonly string[]): Placed {
  const [first] = group as [Placed];
  if (group.length === 1) return first;
  const { of, from } = first;
  const to = Math.max(...group.map((one) => one.to));
  const current = now.slice(from, to);
  const authors = group.flatMap(({ region }) => region.authors).reduce<Region["authors"]>(withAuthor, []);
  const edited = group.find(({ region }) => isEdited(region));
  const region = { start: 0, end: 0, current, proposed: edited?.region.proposed ?? current, authors };
  return { of, from, to, region, base: baseOf(group, { from, to, now }) };
}

interface Hull {
  readonly from: number;
  readonly to: number;
  readonly now: readonly string[];
}

/** A line that one of them has as accepted: because it is there now and not under review, or in the place of what is. */
interface Line {
  readonly text: string;
  readonly isNow: boolean;
}

function baseOf(group: readonly Placed[], hull: Hull): string[] {
  const [older, newer] = (["older", "newer"] as const).map((side) =>
    linesOf(
      group.filter(({ of }) => of === side),
      hull,
    ),
  ) as [Line[], Line[]];
  const written = new Set(group.flatMap(({ of, region }) => (of === "older" ? region.proposed : [])));
  const textsOf = (lines: readonly Line[]) => lines.map(({ text }) => text);
  const kept: Line[][] = [];
  let at = 0;
  let to = 0;
  for (const { start, end, lines } of lineChanges(textsOf(older), textsOf(newer))) {
    to += start - at;
    const added = newer.slice(to, to + lines.length);
    kept.push(older.slice(at, start));
    kept.push(older.slice(start, end).filter(({ isNow }) => !isNow));
    kept.push(added.filter(({ text, isNow }) => !isNow && !written.has(text)));
    at = end;
    to += lines.length;
  }
  return textsOf([...kept, older.slice(at)].flat());
}

function linesOf(side: readonly Placed[], { from, to, now }: Hull): Line[] {
  const line = (isNow: boolean) => (text: string) => ({ text, isNow });
  const parts: Line[][] = [];
  let at = from;
  for (const one of side) {
    parts.push(now.slice(at, one.from).map(line(true)), one.base.map(line(false)));
    at = one.to;
  }
  return [...parts, now.slice(at, to).map(line(true))].flat();
}
