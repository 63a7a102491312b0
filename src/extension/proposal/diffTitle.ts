import type { ItemOf } from "../../protocol/items.ts";
import { sanitizeLine } from "../../protocol/sanitizeForDisplay.ts";

export interface Titled {
  readonly item: Pick<ItemOf<"fileChange">, "status" | "changes">;
  readonly index: number;
  /** Whether the whole file is shown, or only its changed places; while the model still writes, more is to come. */
  readonly extent: "whole" | "places" | "arriving";
}

const words = {
  inProgress: "proposed by Patchwright",
  completed: "changed by Patchwright",
  failed: "not changed: it failed",
  declined: "not made",
} as const;

/** The title of a comparison, such as "app.ts (proposed by Patchwright, 2 of 3 files)". */
export function diffTitle({ item: { status, changes }, index, extent }: Titled): string {
  const { path = "", kind } = changes[index] ?? {};
  const name = (one: string) => sanitizeLine(one.split(/[\\/]/).at(-1) ?? one);
  const target = kind?.type === "update" && kind.move_path ? ` \u2192 ${name(kind.move_path)}` : "";
  const parts = [
    extent === "arriving" ? "Patchwright is writing" : words[status],
    ...(changes.length > 1 ? [`${index + 1} of ${changes.length} files`] : []),
    ...(extent === "places" ? ["changed places only"] : []),
  ];
  return `${name(path)}${target} (${parts.join(", ")})`;
}
