import type { ItemOf } from "../../protocol/items.ts";
import { sanitizeLine } from "../../protocol/sanitizeForDisplay.ts";
import type { L10n } from "../l10n.ts";

export interface Titled {
  readonly item: Pick<ItemOf<"fileChange">, "status" | "changes">;
  readonly index: number;
  /** Whether the whole file is shown, or only its changed places; while the model still writes, more is to come. */
  readonly extent: "whole" | "places" | "arriving";
}

/** The title of a comparison, such as "app.ts (proposed by Patchwright, file 2 of 3)". */
export function diffTitle(titled: Titled, l10n: L10n): string {
  const { item, index, extent } = titled;
  const { changes } = item;
  const { path = "", kind } = changes[index] ?? {};
  const name = (one: string) => sanitizeLine(one.split(/[\\/]/).at(-1) ?? one);
  const target = kind?.type === "update" && kind.move_path ? ` \u2192 ${name(kind.move_path)}` : "";
  const parts = [
    state(titled, l10n),
    ...(changes.length > 1 ? [l10n.t("file {number} of {count}", { number: index + 1, count: changes.length })] : []),
    ...(extent === "places" ? [l10n.t("changed places only")] : []),
  ];
  return `${name(path)}${target} (${parts.join(", ")})`;
}

function state({ item: { status }, extent }: Titled, l10n: L10n): string {
  if (extent === "arriving") return l10n.t("Patchwright is writing");
  switch (status) {
    case "inProgress":
      return l10n.t("proposed by Patchwright");
    case "completed":
      return l10n.t("changed by Patchwright");
    case "failed":
      return l10n.t("not changed: the edit failed");
    case "declined":
      return l10n.t("declined");
  }
}
