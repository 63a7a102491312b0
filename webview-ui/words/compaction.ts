import type { ItemOf } from "../../src/protocol/items.ts";
import { t } from "../strings.ts";
import { tokens } from "./tokens.ts";

type Compaction = ItemOf<"contextCompaction">;

/** What became of the context: "Condensed the thread · 182k → 12k tokens"; an arrow is not read well aloud. */
export function compactionWords(
  { completedAtMs, tokensBefore, tokensAfter }: Compaction,
  form: "shown" | "spoken",
): string {
  if (!completedAtMs) return t("condensingLive");
  if (tokensAfter === undefined) return t("notCondensed");
  const args = { from: tokens(tokensBefore ?? 0), to: tokens(tokensAfter) };
  return t(form === "shown" ? "condensed" : "saidCondensed", args);
}

/** Why it happened. */
export function compactionReason({ reason }: Compaction): string {
  if (reason === "manual") return t("condensedManual");
  return t(reason === "overflow" ? "condensedOverflow" : "condensedAuto");
}
