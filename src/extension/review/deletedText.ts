import type { ReviewHunk } from "../../protocol/review.ts";
import { revealed } from "../../protocol/sanitizeForDisplay.ts";
import type { L10n } from "../l10n.ts";

/** A hover with more lines than this is scrolled rather than read. */
const maxLines = 30;
const maxLineLength = 200;

/** What a hover about deleted lines offers; each is a link to the command with this name. */
export const deletedCommands = ["patchwright.undoHunk", "patchwright.copyDeleted", "patchwright.openDiff"] as const;

/** One hunk, as a command's argument. */
export interface HunkName {
  readonly path: string;
  readonly hunkId: string;
}

export interface DeletedIn {
  readonly name: HunkName;
  /** Of the file, such as "typescript". */
  readonly language: string;
}

/**
 * The hover about deleted lines, as Markdown. Lines of the file are only ever inside a fence that is longer than any of theirs, so that
 * none of them can become a link.
 */
export function deletedText(hunk: ReviewHunk, { name, language }: DeletedIn, l10n: L10n): string {
  const shown = outdented(hunk.oldLines.slice(0, maxLines)).map(shortened).map(revealed);
  const fence = "`".repeat(Math.max(3, ...shown.map(longestFence).map((length) => length + 1)));
  const more = hunk.oldCount - shown.length;
  return [
    heading(hunk, l10n),
    "",
    fence + language.replace(/[^\w+#-]/g, ""),
    ...shown,
    fence,
    ...(more > 0
      ? ["", more === 1 ? l10n.t("and 1 more line") : l10n.t("and {count} more lines", { count: more })]
      : []),
    "",
    links(name, l10n),
  ].join("\n");
}

function heading({ oldStart: line, oldCount: count }: ReviewHunk, l10n: L10n): string {
  if (count === 1) return l10n.t("**Deleted here: 1 line** (line {line} before)", { line });
  const last = line + count - 1;
  return l10n.t("**Deleted here: {count} lines** (lines {first} to {last} before)", { count, first: line, last });
}

function links(name: HunkName, l10n: L10n): string {
  const argument = encodeURIComponent(JSON.stringify([name])).replace(/[()]/g, (sign) =>
    sign === "(" ? "%28" : "%29",
  );
  const [undo, copy, diff] = deletedCommands;
  const link = (command: string, title: string, hint: string) => `[${title}](command:${command}?${argument} "${hint}")`;
  return [
    link(undo, l10n.t("Put these lines back"), l10n.t("Undo this change")),
    link(copy, l10n.t("Copy"), l10n.t("Copy the deleted lines")),
    link(diff, l10n.t("Open diff"), l10n.t("Compare the file with what it was before")),
  ].join("&nbsp;&nbsp;&nbsp;");
}

/** Without the white space that all lines begin with. */
function outdented(lines: readonly string[]): string[] {
  const written = lines.filter((line) => line.trim() !== "");
  const [first = ""] = written;
  let width = first.length - first.trimStart().length;
  while (!written.every((line) => line.startsWith(first.slice(0, width)))) width--;
  return lines.map((line) => line.slice(width));
}

function shortened(line: string): string {
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line;
}

function longestFence(line: string): number {
  return Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
}
