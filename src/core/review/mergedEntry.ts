import type { ChangeAuthor } from "../../protocol/review.ts";
import { asWhole, type FileEntry, type TextContent, type WholeContent } from "./fileEntry.ts";
import { currentLines, type FileReview, sameLines, withAuthor } from "./fileReview.ts";
import { mergedReview, onlyDormant, withDormant } from "./mergedReview.ts";
import { editedByAgents, editedByOthers } from "./reviewEdits.ts";

/**
 * One file under review as two programs have it that did not know of each other, both as it is now: to each, what the other's agent did was
 * somebody's doing, and is not under review. `older` is the one in which it came under review first.
 */
export function mergedEntry(older: FileEntry, newer: FileEntry): FileEntry {
  // Somebody had taken the file away before the agent made it anew: no review of another file comes back with it.
  if (newer.basePath === undefined && older.basePath !== undefined && older.fileAuthors.length === 0) return newer;
  const { content } = older;
  const isByLine =
    content.kind === "text" && newer.content.kind === "text" && content.encoding === newer.content.encoding;
  return {
    path: newer.path,
    basePath: older.basePath,
    presence: newer.presence === "gone" ? older.presence : newer.presence,
    executable: newer.executable,
    fileAuthors: union(older.fileAuthors, newer.fileAuthors),
    content: isByLine ? mergedText(older, newer) : mergedWhole(older, newer),
  };
}

/**
 * The file as it is kept, with what this program undid of it, which may come back as by Ctrl+Z. Both are as it is now; undefined when nothing is
 * left of it.
 */
export function withUndoneOf(own: FileEntry | undefined, kept: FileEntry | undefined): FileEntry | undefined {
  if (own?.content.kind !== "text" || own.presence !== "present") return kept;
  const { path, content } = own;
  const undone = asUndone(onlyDormant(content.review));
  if (undone.regions.length === 0) return kept;
  if (!kept) return { ...own, basePath: path, fileAuthors: [], content: { ...content, review: undone } };
  if (kept.content.kind !== "text" || !sameLines(undone.baseline, currentLines(kept.content.review))) return kept;
  return { ...kept, content: { ...kept.content, review: withDormant(kept.content.review, undone) } };
}

/** What others keep no more is settled: it comes back by Ctrl+Z alone. */
function asUndone(review: FileReview): FileReview {
  const regions = review.regions.map((region) => ({ ...region, undone: region.undone ?? region.proposed }));
  return { ...review, regions };
}

function mergedText(older: FileEntry, newer: FileEntry): TextContent {
  const [one, other] = [older.content, newer.content] as [TextContent, TextContent];
  if (older.presence === "deleted" && newer.presence === "gone") return deletedIn(other, one);
  if (newer.presence === "deleted" && older.presence === "gone") return deletedIn(one, other);
  const lines = currentLines(one.review);
  const isSame = sameLines(lines, currentLines(other.review));
  const review = isSame ? other.review : editedByOthers(other.review, lines);
  return { ...one, review: mergedReview(one.review, review) };
}

/** The file is gone for one program, and the agent of the other has deleted it, after whatever it did before. */
function deletedIn({ encoding, review }: TextContent, deleted: TextContent): TextContent {
  const { baseline, regions } = deleted.review;
  const before = editedByOthers(review, baseline);
  const authors = regions.flatMap((region) => region.authors);
  return { kind: "text", encoding, review: editedByAgents(before, [], authors) };
}

function mergedWhole(older: FileEntry, newer: FileEntry): WholeContent {
  const [one, other] = [older, newer].map((entry) =>
    entry.content.kind === "whole" ? entry.content : asWhole(entry.content, entry),
  ) as [WholeContent, WholeContent];
  return { ...other, baseline: one.baseline, authors: union(one.authors, other.authors) };
}

function union(one: readonly ChangeAuthor[], other: readonly ChangeAuthor[]): readonly ChangeAuthor[] {
  return other.reduce(withAuthor, one);
}
