import type { ThreadItem } from "../protocol/items.ts";

export function isUnfinished(item: ThreadItem): boolean {
  return item.completedAtMs === null || ("status" in item && item.status === "inProgress");
}

/** The item as it stands when it will never end by itself: what it has so far, and as a failure where it has a status. */
export function endedItem(item: ThreadItem, completedAtMs: number): ThreadItem {
  if (!("status" in item)) return { ...item, completedAtMs };
  return { ...item, status: item.status === "inProgress" ? "failed" : item.status, completedAtMs } as ThreadItem;
}
