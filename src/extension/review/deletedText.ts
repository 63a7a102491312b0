import type { ReviewHunk } from "../../protocol/review.ts";

import { revealed } from "../../protocol/sanitizeForDisplay.ts";

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

/**
 * The hover about deleted lines, as Markdown. Lines of the file are only ever inside a fence that is longer than any of theirs, so that
 * none of them can become a link.
 */
export function deletedText(hunk: ReviewHunk, { name, language }: { name: HunkName; language: string }): string {
  const { oldStart, oldCount, oldLines } = hunk;
  const shown = outdented(oldLines.slice(0, maxLines)).map(shortened).map(revealed);
  const fence = "`".repeat(Math.max(3, ...shown.map(longestFence).map((length) => length + 1)));
  const place = oldCount === 1 ? `line ${oldStart}` : `lines ${oldStart} to ${oldStart + oldCount - 1}`;
  const more = oldCount - shown.length;
  return [
    `**Deleted here: ${counted(oldCount)}** (${place} before)`,
    "",
    fence + language.replace(/[^\w+#-]/g, ""),
    ...shown,
    fence,
    ...(more > 0 ? ["", `and ${counted(more)} more`] : []),
    "",
    links(name),
  ].join("\n");
}

function links(name: HunkName): string {
  const argument = encodeURIComponent(JSON.stringify([name])).replace(/[()]/g, (sign) =>
    sign === "(" ? "%28" : "%29",
  );
  const [undo, copy, diff] = deletedCommands;
  return [
    `[Put these lines back](command:${undo}?${argument} "Undo this change")`,
    `[Copy](command:${copy}?${argument} "Copy the deleted lines")`,
    `[Open diff](command:${diff}?${argument} "Compare the file with what it was before")`,
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

function counted(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`;
}

function shortened(line: string): string {
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line;
}

function longestFence(line: string): number {
  return Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
}
