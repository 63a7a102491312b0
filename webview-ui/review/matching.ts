import type { ReviewHunk } from "../../src/protocol/review.ts";
import type { DiffLine, Hunk } from "../diff/parse.ts";

/** Neighbouring changed lines of a diff: what one hunk under review stands for. */
interface Run {
  hunk: Hunk;
  removed: string[];
  added: number;
  /** Where its lines are in the new file; where they would be, when it only removes. */
  newFrom: number;
}

/** A hunk under review has no more of its old lines than this. */
const MOST_OLD_LINES = 200;

/**
 * Which hunks under review each hunk of a shown diff stands for: those of the same lines. Among several alike, the one in the same place.
 * What changed since does not match any more, and is left out.
 */
export function matchHunks(shown: readonly Hunk[], reviewed: readonly ReviewHunk[]): Map<Hunk, ReviewHunk[]> {
  const runs = shown.flatMap(runsOf);
  const matched = new Map<Hunk, ReviewHunk[]>();
  for (const candidate of reviewed) {
    const alike = runs.filter((run) => isAlike(run, candidate));
    const rivals = reviewed.filter((other) => alike[0] && isAlike(alike[0], other));
    const run =
      alike.length === 1 && rivals.length === 1
        ? alike[0]
        : alike.find(({ newFrom }) => newFrom === candidate.newStart);
    if (run) matched.set(run.hunk, [...(matched.get(run.hunk) ?? []), candidate]);
  }
  return matched;
}

function isAlike({ removed, added }: Run, { oldCount, oldLines, newCount }: ReviewHunk): boolean {
  return (
    removed.length === oldCount &&
    added === newCount &&
    removed.slice(0, MOST_OLD_LINES).every((line, at) => line === oldLines[at])
  );
}

function runsOf(hunk: Hunk): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  let newLine = firstNewLine(hunk.lines);
  for (const { sign, text } of hunk.lines) {
    if (sign === " ") run = undefined;
    else if (!run) {
      run = { hunk, removed: [], added: 0, newFrom: newLine };
      runs.push(run);
    }
    if (run && sign === "-") run.removed.push(text);
    if (run && sign === "+") run.added++;
    if (sign !== "-") newLine++;
  }
  return runs;
}

/** The number in the new file at which the lines begin. */
function firstNewLine(lines: readonly DiffLine[]): number {
  const first = lines.find(({ sign }) => sign !== "-");
  return first?.number ?? lines[0]?.number ?? 1;
}
