import type { ReviewHunk } from "../../src/protocol/review.ts";
import { t } from "../strings.ts";

/** "Line 32", "Lines 43–44": in the new file, or in the old one when lines are only removed. */
export function reviewHunkName({ oldStart, oldCount, newStart, newCount }: ReviewHunk): string {
  const [from, count] = newCount > 0 ? [newStart, newCount] : [oldStart, oldCount];
  return count <= 1 ? t("line", { from }) : t("lines", { from, to: from + count - 1 });
}
