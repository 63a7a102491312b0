import type { ChangeAuthor, ReviewedFile, ReviewHunk } from "../../protocol/review.ts";
import { type FileEntry, hadFile } from "./fileEntry.ts";
import { withAuthor } from "./fileReview.ts";
import { hunksOf, type PlacedHunk } from "./hunks.ts";
import { withoutMark } from "./lineText.ts";

/** What of the file itself the agent changed: that it is there, or where. */
export function fileChangeOf(entry: FileEntry): "add" | "delete" | "move" | undefined {
  const { presence, basePath, path } = entry;
  if (presence === "gone") return undefined;
  if (presence === "deleted") return hadFile(entry) ? "delete" : undefined;
  if (basePath === undefined) return "add";
  return basePath === path ? undefined : "move";
}

/** The hunks of a file that is there, or was deleted by the agent. */
export function hunksIn({ presence, content }: FileEntry): PlacedHunk[] {
  return presence === "gone" || content.kind === "whole" ? [] : hunksOf(content.review);
}

/** True when the file is reviewed as a whole and its content is not what the user accepted. */
export function isWholeChanged({ content }: FileEntry): boolean {
  return content.kind === "whole" && content.authors.length > 0;
}

/** The file as the wire has it; undefined when nothing of it is under review. */
export function reviewedFileOf(entry: FileEntry): ReviewedFile | undefined {
  const { path, basePath, content, fileAuthors } = entry;
  const change = fileChangeOf(entry);
  const placed = hunksIn(entry);
  const isWhole = entry.presence !== "gone" && isWholeChanged(entry);
  if (!change && placed.length === 0 && !isWhole) return undefined;
  const hunks = placed.map(({ hunk }) => ({ ...hunk, oldLines: hunk.oldLines.map(withoutMarkAt(hunk.oldStart)) }));
  const authors: readonly ChangeAuthor[] = [
    ...fileAuthors,
    ...(content.kind === "whole" ? content.authors : []),
    ...hunks.flatMap((hunk) => hunk.authors),
  ].reduce<readonly ChangeAuthor[]>(withAuthor, []);
  const kind = change === "move" || !change ? "update" : change;
  const isMoved = change === "move" || (change === "delete" && basePath !== path);
  const facts = {
    path,
    kind,
    movedFrom: isMoved ? (basePath ?? null) : null,
    binary: content.kind === "whole",
  } as const;
  return withHunks({ ...facts, authors: [...authors] }, hunks);
}

/** The file with these hunks and no others. */
export function withHunks(
  file: Omit<ReviewedFile, "hunks" | "added" | "removed">,
  hunks: readonly ReviewHunk[],
): ReviewedFile {
  const { path, kind, movedFrom, binary, authors } = file;
  const added = hunks.reduce((sum, { newCount }) => sum + newCount, 0);
  const removed = hunks.reduce((sum, { oldCount }) => sum + oldCount, 0);
  return { path, kind, movedFrom, binary, hunks: [...hunks], added, removed, authors };
}

function withoutMarkAt(start: number): (line: string, at: number) => string {
  return (line, at) => (start + at === 1 ? withoutMark(line) : line);
}
