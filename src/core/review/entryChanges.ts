import type { ChangeAuthor } from "../../protocol/review.ts";
import { afterOthers, type FileBytes, type FileEntry } from "./fileEntry.ts";
import { isDormant } from "./fileReview.ts";
import { withKept } from "./reviewEdits.ts";
import { fileChangeOf, hunksIn, isWholeChanged, reviewedFileOf } from "./reviewedFile.ts";

/** The file where the user has put it. */
export function movedEntry(entry: FileEntry, to: (path: string) => string): FileEntry {
  return { ...entry, path: to(entry.path), basePath: entry.basePath === undefined ? undefined : to(entry.basePath) };
}

/** True when something of it is under review, or is again once the file is back. */
export function isReviewed(entry: FileEntry): boolean {
  if (entry.presence !== "gone") return reviewedFileOf(entry) !== undefined;
  const back: FileEntry = { ...entry, presence: "present" };
  return hunksIn(back).length > 0 || isWholeChanged(back) || fileChangeOf(back) === "move";
}

/**
 * The same, or it is once what somebody else took back is there again, as another branch does. What the user undid is no reason to keep a file, but
 * stays in one that is kept.
 */
export function mayReturn(entry: FileEntry): boolean {
  const { content } = entry;
  return isReviewed(entry) || (content.kind === "text" && content.review.regions.some(({ undone }) => !undone));
}

/** What of the file is under review as it is now; undefined when nothing is. */
export function awakeEntry(entry: FileEntry): FileEntry | undefined {
  const { content } = entry;
  if (!isReviewed(entry)) return undefined;
  if (content.kind === "whole") return entry;
  const { review } = content;
  const regions = review.regions.filter((region) => !isDormant(review, region));
  return { ...entry, content: { ...content, review: { ...review, regions } } };
}

/**
 * A kept file, with what happened while nobody looked as the user's doing: `now` is what it is, `atBase` what is where it was in the baseline.
 * Undefined when nothing of it can be under review again.
 */
export function loadedEntry(entry: FileEntry, now: FileBytes, atBase: FileBytes): FileEntry | undefined {
  const { path, basePath } = entry;
  const isBack = now === undefined && atBase !== undefined && basePath !== undefined && basePath !== path;
  const here: FileEntry = isBack ? { ...entry, path: basePath, fileAuthors: [] } : entry;
  const known = afterOthers(here, now ?? (isBack ? atBase : undefined));
  return mayReturn(known) ? known : undefined;
}

/** All who made something of the file that is under review, or may be again. */
export function authorsOf({ content, fileAuthors }: FileEntry): readonly ChangeAuthor[] {
  const ofContent =
    content.kind === "whole" ? content.authors : content.review.regions.flatMap(({ authors }) => authors);
  return [...fileAuthors, ...ofContent];
}

/** The file without a thread among its authors; what nobody else did is accepted as it stands. Undefined when that is all of it. */
export function withoutThread(entry: FileEntry, threadId: string): FileEntry | undefined {
  const rest = (authors: readonly ChangeAuthor[]) => authors.filter((author) => author.threadId !== threadId);
  const { content, path, presence } = entry;
  const fileAuthors = rest(entry.fileAuthors);
  const isOver = fileAuthors.length === 0 && entry.fileAuthors.length > 0;
  if (isOver && presence === "deleted") return undefined;
  const base = { ...entry, fileAuthors, basePath: isOver ? path : entry.basePath };
  if (content.kind === "whole") {
    const authors = rest(content.authors);
    return authors.length > 0 ? { ...base, content: { ...content, authors } } : undefined;
  }
  const review = withKept(
    content.review,
    new Set(content.review.regions.filter(({ authors }) => !rest(authors).length)),
  );
  const regions = review.regions.map((region) => ({ ...region, authors: rest(region.authors) }));
  const left: FileEntry = { ...base, content: { ...content, review: { ...review, regions } } };
  return mayReturn(left) ? left : undefined;
}
