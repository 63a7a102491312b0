import * as z from "zod";
import type { Storage } from "../../host/storage.ts";

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

const kept = z.object({ version: z.literal(1), files: z.array(undoneRecord) });

/** What was kept for a thread; nothing when that cannot be read back. Rejects as `Storage.read` does. */
export async function readUndone(storage: Storage, threadId: string): Promise<UndoneRecord[]> {
  const text = await storage.read(nameOf(threadId));
  try {
    return kept.parse(JSON.parse(text ?? "")).files;
  } catch {
    return [];
  }
}

export async function writeUndone(storage: Storage, threadId: string, files: readonly Readonly<UndoneRecord>[]) {
  await storage.write(nameOf(threadId), JSON.stringify({ version: 1, files }));
}

export async function removeUndone(storage: Storage, threadId: string): Promise<void> {
  await storage.remove(nameOf(threadId));
}

function nameOf(threadId: string): string {
  return `${FOLDER}/${threadId}.json`;
}
