import type { FileEdit } from "../../host/files.ts";
import type { ChangeAuthor, ReviewHunk } from "../../protocol/review.ts";
import { sameBytes } from "../sameBytes.ts";
import { type FileBytes, type FileEntry, newEntry } from "./fileEntry.ts";
import { currentLines, isDormant, isEdited, type Region } from "./fileReview.ts";
import { bytesOfLines } from "./lineText.ts";
import { withKept, withUndone } from "./reviewEdits.ts";
import { fileChangeOf, hunksIn, isWholeChanged } from "./reviewedFile.ts";

/** What of a file the user settles. */
export interface Selected {
  readonly regions: ReadonlySet<Region>;
  /** The ids of those that are left alone because somebody else changed them further; null for the file as a whole. */
  readonly editedIds: readonly (string | null)[];
  /** The file's being made, deleted or moved; or all of one that is reviewed as a whole. */
  readonly file: boolean;
}

export interface Selection {
  readonly threadId?: string | null | undefined;
  readonly turnId?: string | null | undefined;
  readonly hunkIds?: readonly string[] | null | undefined;
  /** Whether hunks that somebody else changed further are meant, too. */
  readonly includeEdited: boolean;
}

/** Whether one of the authors is meant. */
export function isBy(
  authors: readonly ChangeAuthor[],
  { threadId, turnId }: Pick<Selection, "threadId" | "turnId">,
): boolean {
  return authors.some((one) => (!threadId || one.threadId === threadId) && (!turnId || one.turnId === turnId));
}

export function selectedIn(entry: FileEntry, selection: Selection): Selected {
  const { hunkIds, includeEdited } = selection;
  const ids = hunkIds && new Set(hunkIds);
  const isMeant = ({ id, authors }: ReviewHunk) => isBy(authors, selection) && (!ids || ids.has(id));
  const isLeftAlone = (region: Region) => !includeEdited && isEdited(region);
  const meant = hunksIn(entry).filter(({ hunk }) => isMeant(hunk));
  const left = meant.filter(({ region }) => isLeftAlone(region));
  const regions = new Set(meant.filter(({ region }) => !isLeftAlone(region)).map(({ region }) => region));
  const { content, fileAuthors } = entry;
  const isFile = isWholeChanged(entry) || fileChangeOf(entry) !== undefined;
  const fileBy = content.kind === "whole" ? [...fileAuthors, ...content.authors] : fileAuthors;
  const file = isFile && !hunkIds && isBy(fileBy, selection);
  const isLeft = file && !includeEdited && isWholeEdited(entry);
  return {
    regions,
    editedIds: [...left.map(({ hunk }) => hunk.id), ...(isLeft ? [null] : [])],
    file: file && !isLeft,
  };
}

/** The file with what is selected accepted; `now` is what it is. */
export function keptEntry(entry: FileEntry, { regions, file }: Selected, now: FileBytes): FileEntry {
  const { presence, path, content } = entry;
  if (!file && regions.size === 0) return entry;
  if (presence === "deleted" || content.kind === "whole") return newEntry(path, now);
  const isSettled = file || entry.basePath === undefined;
  const base = isSettled ? { ...entry, basePath: path, fileAuthors: [] } : entry;
  return { ...base, content: { ...content, review: withKept(content.review, regions) } };
}

/** The file without what somebody took back of it: whoever keeps all that is left has settled that as well. */
export function withoutTakenBack(entry: FileEntry, selection: Pick<Selection, "threadId" | "turnId">): FileEntry {
  const { content } = entry;
  if (content.kind === "whole") return entry;
  const { review } = content;
  const isTakenBack = (region: Region) =>
    isDormant(review, region) && !region.undone && isBy(region.authors, selection);
  const regions = review.regions.filter((region) => !isTakenBack(region));
  return { ...entry, content: { ...content, review: { ...review, regions } } };
}

/** The file with what this call alone did accepted; `now` is what the file is. What it did on top of another's change stays under review. */
export function acceptedEntry(entry: FileEntry, { itemId }: ChangeAuthor, now: FileBytes): FileEntry {
  const isAlone = (authors: readonly ChangeAuthor[]) => authors.every((author) => author.itemId === itemId);
  const { content, fileAuthors } = entry;
  const own = content.kind === "text" ? content.review.regions.filter(({ authors }) => isAlone(authors)) : [];
  const all = content.kind === "whole" ? [...fileAuthors, ...content.authors] : fileAuthors;
  const isFile = isWholeChanged(entry) || fileChangeOf(entry) !== undefined;
  return keptEntry(entry, { regions: new Set(own), editedIds: [], file: isFile && isAlone(all) }, now);
}

/** How the file is without what is selected, and what makes it so. */
export interface Undoing {
  /** Undefined when the file is so already. */
  readonly edit: FileEdit | undefined;
  /** Once the edit is made. */
  readonly entry: FileEntry;
}

/** `now` is what the file is. Undefined when there is nothing to do. Throws `unfaithful` for text that the file's encoding lacks. */
export function undoingOf(entry: FileEntry, selected: Selected, now: FileBytes): Undoing | undefined {
  const { regions, file } = selected;
  if (!file && regions.size === 0) return undefined;
  return entry.content.kind === "whole" ? undoneWhole(entry, now) : undoneText(entry, selected, now);
}

function undoneText(entry: FileEntry, { regions, file }: Selected, now: FileBytes): Undoing | undefined {
  const { content, path, presence, basePath } = entry;
  if (content.kind === "whole") return undefined;
  const review = withUndone(content.review, regions);
  const lines = currentLines(review);
  const after = bytesOfLines(lines, content.encoding, path);
  // What is left in a file that the agent made is the user's alone, and so is the file.
  const isUsers = file && basePath === undefined && review.regions.every((region) => isDormant(review, region));
  const settled = isUsers && lines.length > 0 ? { basePath: path, fileAuthors: [] } : {};
  const undone: FileEntry = { ...entry, ...settled, content: { ...content, review } };
  if (presence === "deleted") return restored(undone, after);
  if (now === undefined) return undefined;
  if (basePath === undefined && lines.length === 0)
    return { edit: { kind: "delete", path, before: now }, entry: { ...undone, presence: "gone" } };
  const isMove = file && basePath !== undefined && basePath !== path;
  if (!isMove && sameBytes(after, now)) return { edit: undefined, entry: undone };
  return updated(isMove ? { ...undone, path: basePath, fileAuthors: [] } : undone, { path, now, after });
}

function undoneWhole(entry: FileEntry, now: FileBytes): Undoing | undefined {
  const { content, path, basePath = path, executable } = entry;
  if (content.kind === "text") return undefined;
  const { baseline } = content;
  if (baseline === undefined)
    return now && { edit: { kind: "delete", path, before: now }, entry: newEntry(path, undefined) };
  const undone = { ...newEntry(basePath, baseline), executable };
  return now ? updated(undone, { path, now, after: baseline }) : restored(undone, baseline);
}

function restored(entry: FileEntry, after: Uint8Array): Undoing {
  const { executable, basePath = entry.path } = entry;
  const edit: FileEdit = { kind: "add", path: basePath, after, ...(executable ? { executable } : {}) };
  return { edit, entry: { ...entry, path: basePath, basePath, presence: "present", fileAuthors: [] } };
}

function updated(
  entry: FileEntry,
  { path, now, after }: { path: string; now: Uint8Array; after: Uint8Array },
): Undoing {
  const movePath = entry.path === path ? {} : { movePath: entry.path };
  return { edit: { kind: "update", path, before: now, after, ...movePath }, entry };
}

/** True when undoing the whole file would take away what somebody else made of it. */
function isWholeEdited({ content }: FileEntry): boolean {
  return content.kind === "whole" && content.current !== content.proposed;
}
