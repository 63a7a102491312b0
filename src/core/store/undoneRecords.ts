import * as z from "zod";
import type { Storage } from "../../host/storage.ts";
import { parseJson } from "./parseJson.ts";

const FOLDER = "undone";

const undoneRecord = z.object({
  /** Where the file was when something of it was taken back. */
  path: z.string(),
  /** What became of the file: `gone` and `back` are there or not as a whole, `whole` has its old content. */
  outcome: z.enum(["changed", "gone", "back", "moved", "whole", "restored"]),
  /** Those whose changes were taken back; none for a restoring. */
  turnIds: z.array(z.string()),
  hunkIds: z.array(z.string()),
  /** Where a file went back to. */
  movedTo: z.string().optional(),
});
export type UndoneRecord = z.infer<typeof undoneRecord>;

const kept = z.object({
  version: z.literal(1),
  /** Unix milliseconds. */
  createdAtMs: z.number().default(0),
  files: z.array(undoneRecord),
});

/** What was taken back of a thread's changes at one time. */
export interface UndoneNote {
  readonly createdAtMs: number;
  readonly files: readonly Readonly<UndoneRecord>[];
}

/** Names of the notes that are kept for a thread, by whichever program. Each has a file of its own, which is never written again. */
export async function undoneNames(storage: Storage, threadId: string): Promise<string[]> {
  const names = await storage.list(FOLDER);
  return names.filter((name) => name === `${threadId}.json` || name.startsWith(`${threadId}.`));
}

/** A name for a note that nobody else has; `id` is new. */
export function undoneName(threadId: string, id: string): string {
  return `${threadId}.${id}.json`;
}

/** Undefined when it is gone; an empty note when it cannot be read back. Rejects as `Storage.read` does. */
export async function readUndone(storage: Storage, name: string): Promise<UndoneNote | undefined> {
  const text = await storage.read(`${FOLDER}/${name}`);
  if (text === undefined) return undefined;
  return kept.safeParse(parseJson(text)).data ?? { createdAtMs: 0, files: [] };
}

export async function writeUndone(storage: Storage, name: string, note: UndoneNote): Promise<void> {
  await storage.write(`${FOLDER}/${name}`, JSON.stringify({ version: 1, ...note }));
}

export async function removeUndone(storage: Storage, name: string): Promise<void> {
  await storage.remove(`${FOLDER}/${name}`);
}
