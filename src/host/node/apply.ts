import { throwIfAborted } from "../../protocol/errors.ts";
import type { ApplyResult, FileEdit, FileSystem } from "../files.ts";
import { type Disk, realDisk } from "./disk.ts";
import { changedMeanwhile, look, type Planning, planEdits, type Slot, sameBytes } from "./editPlan.ts";
import { createTransaction } from "./transaction.ts";

/** FileSystem.apply on disk. Calls take effect one after the other, so that none sees another's work half done. */
export function createApply(disk = realDisk): FileSystem["apply"] {
  let last: Promise<unknown> = Promise.resolve();
  return (edits, signal, landings) => {
    const result = last.then(() => applyEdits(edits, { signal, landings, disk }));
    last = result.catch(() => undefined);
    return result;
  };
}

interface Surroundings extends Planning {
  readonly disk: Disk;
}

async function applyEdits(edits: readonly FileEdit[], { disk, ...planning }: Surroundings): Promise<ApplyResult> {
  const { signal } = planning;
  throwIfAborted(signal);
  const slots = await planEdits(edits, planning);
  const transaction = createTransaction(disk);
  try {
    for (const slot of slots.filter(isChanged)) await transaction.stage(slot);
    for (const slot of slots) await requireUnchanged(slot, signal);
    throwIfAborted(signal);
    await transaction.commit();
  } finally {
    await transaction.close();
  }
  return { savedPaths: edits.flatMap(savedPath), unsavedPaths: [], adjusted: new Map() };
}

function isChanged({ original, content, finalPath }: Slot): boolean {
  if (original === undefined || content === undefined || finalPath !== undefined) return original !== content;
  return !sameBytes(original.bytes, content.bytes) || original.stats.mode !== content.mode;
}

/** The last look before writing: staging took time, and the user or a command may have written meanwhile. */
async function requireUnchanged(slot: Slot, signal: AbortSignal): Promise<void> {
  const now = await look(slot.path, slot.realPath, signal).catch((error: unknown) => {
    throwIfAborted(signal);
    throw changedMeanwhile(slot.path, error);
  });
  const same =
    now === undefined || slot.original === undefined
      ? now === slot.original
      : sameBytes(now.bytes, slot.original.bytes);
  if (!same) throw changedMeanwhile(slot.path);
}

function savedPath(edit: FileEdit): readonly string[] {
  if (edit.kind === "delete") return [];
  return [edit.kind === "update" ? (edit.movePath ?? edit.path) : edit.path];
}
