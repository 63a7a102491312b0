import type { L10n } from "../l10n.ts";
import type { HunkPlace } from "./hunkPlaces.ts";

/** Lines from `first` to `last`, both included, counting from 0. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/** Stands after a line's text and says how many lines were deleted behind it. */
export interface Badge {
  readonly line: number;
  readonly text: string;
  readonly place: HunkPlace;
}

/** What the editor shows of hunks. */
export interface Marks {
  /** The agent's lines. */
  readonly added: readonly LineSpan[];
  /** Lines that were changed after the agent did. */
  readonly edited: readonly LineSpan[];
  readonly badges: readonly Badge[];
}

export function marksOf(places: readonly HunkPlace[], lineCount: number): Marks {
  const spans = (edited: boolean) =>
    places
      .filter(({ hunk, start, end }) => hunk.edited === edited && start < end)
      .map(({ start, end }) => ({ first: start, last: Math.min(end, lineCount) - 1 }));
  const badges = places
    .filter(({ hunk }) => hunk.oldCount > 0)
    .map((place) => ({ line: badgeLine(place, lineCount), text: `−${place.hunk.oldCount}`, place }));
  return { added: spans(false), edited: spans(true), badges };
}

/** The line above the deleted ones; what was deleted before the first line shows in that one. */
function badgeLine({ start }: HunkPlace, lineCount: number): number {
  return Math.max(0, Math.min(start - 1, lineCount - 1));
}

/** The line above which a hunk's controls stand, and to which the cursor goes. */
export function anchorLine({ start }: HunkPlace, lineCount: number): number {
  return Math.max(0, Math.min(start, lineCount - 1));
}

export interface LensFacts {
  /** Counting from 0. */
  readonly index: number;
  readonly count: number;
  readonly edited: boolean;
  /** True when the cursor is in it. */
  readonly current: boolean;
}

/** What stands above a hunk: its three buttons, then its place among the others. The hunk with the cursor is told by icons. */
export interface LensTexts {
  readonly keep: string;
  readonly undo: string;
  readonly next: string;
  readonly place: string;
}

export function lensTexts({ index, count, edited, current }: LensFacts, l10n: L10n): LensTexts {
  const number = index + 1;
  const place = edited
    ? l10n.t("{number} of {count}, edited by you", { number, count })
    : l10n.t("{number} of {count}", { number, count });
  // An ordinary space after an icon is swallowed.
  const withIcon = (icon: string, text: string) => (current ? `$(${icon})\u00a0${text}` : text);
  return {
    keep: withIcon("check", l10n.t("Keep")),
    undo: withIcon("discard", l10n.t("Undo")),
    next: `${l10n.t("Next")} ↓`,
    place: withIcon("circle-filled", place),
  };
}
