import type { ReviewHunk } from "../../../src/protocol/review.ts";

/** A hunk for a test, of which only what is given matters. */
export function hunk(given: Partial<ReviewHunk>): ReviewHunk {
  const some = {
    id: "1",
    oldStart: 1,
    oldCount: 0,
    oldLines: [],
    newStart: 1,
    newCount: 0,
    edited: false,
    authors: [],
  };
  return { ...some, ...given };
}
