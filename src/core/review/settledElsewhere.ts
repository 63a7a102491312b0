import type { FileEntry } from "./fileEntry.ts";
import { type FileReview, isDormant, type Region } from "./fileReview.ts";
import { withKept } from "./reviewEdits.ts";

interface Settling {
  /** What both began with. */
  readonly was: readonly FileEntry[];
  /** What somebody else made of it. */
  readonly now: readonly FileEntry[];
}

/**
 * The file without what somebody else has settled of it: changes that were there, and are there no more, count as accepted, since whatever else
 * became of them shows in the text. A change that is not told from others of the same text stays. The same entry when that is nothing.
 */
export function withoutSettled(entry: FileEntry, { was, now }: Settling): FileEntry {
  const { content } = entry;
  if (content.kind !== "text") return entry;
  const [before, after] = [was, now].map((entries) => entries.map(countsOf)) as [Counts[], Counts[]];
  const counts = countsOf(entry);
  const isSettled = (region: Region) => {
    const key = keyOf(content.review, region);
    const isTold = before.some((one) => one.get(key) === counts.get(key));
    return isTold && !after.some((one) => one.has(key));
  };
  const settled = new Set(content.review.regions.filter(isSettled));
  return settled.size === 0 ? entry : { ...entry, content: { ...content, review: withKept(content.review, settled) } };
}

type Counts = ReadonlyMap<string, number>;

function countsOf({ content }: FileEntry): Counts {
  const counts = new Map<string, number>();
  if (content.kind !== "text") return counts;
  const { review } = content;
  for (const region of review.regions) {
    const key = keyOf(review, region);
    if (!isDormant(review, region)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The same wherever in the file it stands. */
function keyOf({ baseline }: FileReview, { start, end, current, authors }: Region): string {
  return JSON.stringify([baseline.slice(start, end), current, authors]);
}
