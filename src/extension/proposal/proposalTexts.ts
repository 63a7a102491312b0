import type { FileUpdateChange } from "../../protocol/items.ts";
import { applyHunks, parseHunks, reversed } from "../unifiedHunks.ts";

/** Both sides of a comparison. Line ends are "\n" on both, because the comparison is for reading. */
export interface ProposalTexts {
  readonly before: string;
  readonly after: string;
  /** True when the file is no longer what the change was made for, so that only the changed places are shown. */
  readonly partial: boolean;
}

/**
 * The two sides of a change. `current` is the file's text now (undefined when there is none), `applied` says whether the change is in it.
 */
export function proposalTexts(change: FileUpdateChange, current: string | undefined, applied: boolean): ProposalTexts {
  switch (change.kind.type) {
    case "add":
      return { before: "", after: withoutReturns(change.diff), partial: false };
    case "delete":
      return { before: withoutReturns(change.diff), after: "", partial: false };
    case "update":
      return updateTexts(change.diff, current, applied);
    default:
      return change.kind satisfies never;
  }
}

function updateTexts(diff: string, current: string | undefined, applied: boolean): ProposalTexts {
  const hunks = parseHunks(diff);
  const text = current === undefined ? undefined : withoutReturns(current);
  const lines = text?.split("\n");
  const other = lines && applyHunks(lines, applied ? reversed(hunks) : hunks)?.join("\n");
  if (text !== undefined && other !== undefined) {
    return applied ? { before: other, after: text, partial: false } : { before: text, after: other, partial: false };
  }
  const places = (side: "oldLines" | "newLines") => hunks.map((hunk) => hunk[side].join("\n")).join("\n\n");
  return { before: places("oldLines"), after: places("newLines"), partial: true };
}

function withoutReturns(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
