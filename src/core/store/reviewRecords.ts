import * as z from "zod";
import type { Storage, StorageLock, StorageWatch } from "../../host/storage.ts";
import { changeAuthor } from "../../protocol/review.ts";
import type { FileEntry } from "../review/fileEntry.ts";
import { hashOf } from "../review/hash.ts";
import { parseJson } from "./parseJson.ts";

const FOLDER = "reviews";

const lines = z.array(z.string());
const authors = z.array(changeAuthor);
const region = z.object({
  start: z.int(),
  end: z.int(),
  current: lines,
  proposed: lines,
  authors,
  undone: lines.optional(),
});
const bytes = z
  .base64()
  .transform((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  .optional();

const entry = z.object({
  path: z.string(),
  basePath: z.string().optional(),
  presence: z.enum(["present", "deleted", "gone"]),
  executable: z.boolean(),
  fileAuthors: authors,
  content: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("text"),
      encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "latin1"]),
      review: z
        .object({ baseline: lines, regions: z.array(region) })
        .refine(isInOrder, "The regions are not in order within the baseline."),
    }),
    z.object({
      kind: z.literal("whole"),
      baseline: bytes,
      proposed: z.string().optional(),
      current: z.string().optional(),
      authors,
    }),
  ]),
});

const record = z.object({
  version: z.literal(1),
  /** Unix milliseconds. */
  createdAtMs: z.number(),
  /** The first folder of the window that noted it; "" when it had none. */
  workspace: z.string(),
  /** Names of files in the folder in whose place this one is. */
  replaces: z.array(z.string()).optional(),
  entry,
});

/** A file under review as it is kept. */
export interface KeptEntry {
  readonly createdAtMs: number;
  readonly workspace: string;
  readonly entry: FileEntry;
}

/** The same with the name of its file, which is its own: no file is written twice, and none is removed by whoever has not read it. */
export interface StoredEntry extends KeptEntry {
  readonly name: string;
  /** Of files that are still there and in whose place this one is: whoever wrote it was killed before it had removed them. */
  readonly left: readonly string[];
}

/** Names of what is kept: of all of it, or of one file under review. Rejects as `Storage.list` does. */
export async function reviewNames(storage: Storage, path?: string): Promise<string[]> {
  const names = await storage.list(FOLDER);
  return names.filter((name) => name.endsWith(".json") && (path === undefined || isNamedFor(path, name)));
}

/** Tells whenever `reviewNames` may have changed. */
export function watchReviews(storage: Storage, listener: () => void): Promise<StorageWatch> {
  return storage.watch(FOLDER, listener);
}

/**
 * What is kept under these names, in the order in which the files came under review; several programs may have kept the same one. `onUnreadable`
 * is told of those that cannot be read back.
 */
export async function readReviews(
  storage: Storage,
  names: readonly string[],
  onUnreadable: (name: string) => void,
): Promise<StoredEntry[]> {
  const kept: StoredEntry[] = [];
  const replaced = new Set<string>();
  for (const name of names) {
    const text = await storage.read(`${FOLDER}/${name}`);
    // Another program may have put another file in its place just now.
    if (text === undefined) continue;
    const found = record.safeParse(parseJson(text)).data;
    if (!found || !isNamedFor(found.entry.path, name)) {
      onUnreadable(name);
      continue;
    }
    const { createdAtMs, workspace, replaces = [] } = found;
    const left = replaces.filter((one) => names.includes(one));
    kept.push({ createdAtMs, workspace, entry: found.entry as FileEntry, name, left });
    for (const one of replaces) replaced.add(one);
  }
  return kept.filter(({ name }) => !replaced.has(name)).sort((a, b) => a.createdAtMs - b.createdAtMs);
}

/** Resolves with the name of the file, which has this id in it. */
export async function writeReview(
  storage: Storage,
  kept: KeptEntry,
  { id, replaces }: { id: string; replaces: readonly string[] },
): Promise<string> {
  const { content, path } = kept.entry;
  const stored =
    content.kind === "text" ? content : { ...content, baseline: content.baseline && base64Of(content.baseline) };
  const { createdAtMs, workspace } = kept;
  const entry = { ...kept.entry, content: stored };
  const name = `${hashOf([path])}-${id}.json`;
  await storage.write(`${FOLDER}/${name}`, JSON.stringify({ version: 1, createdAtMs, workspace, replaces, entry }));
  return name;
}

export async function removeReview(storage: Storage, name: string): Promise<void> {
  await storage.remove(`${FOLDER}/${name}`);
}

/** Held while a program looks at what is kept of a file and replaces it. Rejects as `Storage.lock` does. */
export function lockReview(storage: Storage, path: string): Promise<StorageLock> {
  return storage.lock(`${FOLDER}/${hashOf([path])}`);
}

function isNamedFor(path: string, name: string): boolean {
  const hash = hashOf([path]);
  return name === `${hash}.json` || name.startsWith(`${hash}-`);
}

function isInOrder({ baseline, regions }: { baseline: string[]; regions: { start: number; end: number }[] }): boolean {
  let at = 0;
  return regions.every(({ start, end }) => {
    const fits = start >= at && end >= start && end <= baseline.length;
    at = end;
    return fits;
  });
}

function base64Of(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
}
