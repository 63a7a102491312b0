import type { ReviewHunk } from "../../protocol/review.ts";
import { type FileReview, isDormant, isEdited, type Region } from "./fileReview.ts";
import { hashOf } from "./hash.ts";

/** How many lines of the baseline a hunk quotes. */
const MAX_QUOTED_LINES = 200;

/** A hunk as the wire has it, with the region that it is. */
export interface PlacedHunk {
  readonly hunk: ReviewHunk;
  readonly region: Region;
}

/** What is under review, in order: all regions but those that are dormant. */
export function hunksOf(review: FileReview): PlacedHunk[] {
  const hunks: PlacedHunk[] = [];
  const seen = new Map<string, number>();
  let shift = 0;
  for (const region of review.regions) {
    const { start, end, current, authors } = region;
    const newStart = start + shift + 1;
    shift += current.length - (end - start);
    if (isDormant(review, region)) continue;
    const old = review.baseline.slice(start, end);
    const hash = hashOf([...old, "\0", ...current]);
    const number = seen.get(hash) ?? 0;
    seen.set(hash, number + 1);
    const id = number === 0 ? hash : `${hash}-${number}`;
    const oldLines = old.slice(0, MAX_QUOTED_LINES).map((line) => line.replace(/[\r\n]+$/, ""));
    const before = { oldStart: start + 1, oldCount: old.length, oldLines };
    const after = { newStart, newCount: current.length };
    hunks.push({ region, hunk: { id, ...before, ...after, edited: isEdited(region), authors: [...authors] } });
  }
  return hunks;
}
