import { lstat, rename, rm, rmdir } from "node:fs/promises";
import { AgentError } from "../../protocol/errors.ts";
import type { Disk } from "./disk.ts";
import type { Slot } from "./editPlan.ts";
import { onPath } from "./errors.ts";
import { keepBackup, placeNew, syncFolder, writeInPlace } from "./place.ts";
import { type Staged, stageSlot } from "./stage.ts";

/** Changes to several files that become visible together or not at all. */
export interface Transaction {
  /** Writes the new content beside its place, and makes missing folders. Rejects with `permissionDenied`. */
  stage(slot: Slot): Promise<void>;
  /** Makes all staged changes visible. When one fails, those before it are undone and the failure is thrown. */
  commit(): Promise<void>;
  /** Removes temporary files and, unless everything was committed, the folders that were made. To be called in any case. */
  close(): Promise<void>;
}

export function createTransaction(disk: Disk): Transaction {
  const staged: Staged[] = [];
  const made: string[] = [];
  const temporary: string[] = [];
  const kept: string[] = [];
  let committed = false;

  return {
    stage: (slot) =>
      onPath(slot.path, async () => {
        staged.push(await stageSlot(slot, { made, temporary, disk }));
      }),
    async commit() {
      const undo: Undo[] = [];
      try {
        for (const one of staged) await onPath(one.slot.path, () => commitOne(one, { disk, undo }));
      } catch (error) {
        if (await rollBack(undo)) throw error;
        kept.push(...(await thoseThere(staged.map((one) => one.backup))));
        throw halfUndone(kept, error);
      }
      committed = true;
      for (const folder of new Set(staged.map((one) => one.folder))) await syncFolder(folder);
    },
    async close() {
      for (const path of temporary) if (!kept.includes(path)) await rm(path, { force: true }).catch(() => undefined);
      if (committed) return;
      for (const folder of made.reverse()) await rmdir(folder).catch(() => undefined);
    },
  };
}

type Undo = () => Promise<void>;

interface CommitTools {
  readonly disk: Disk;
  /** What takes the steps so far back, in the order they were made. */
  readonly undo: Undo[];
}

async function commitOne({ slot, fresh, backup, inPlace }: Staged, { disk, undo }: CommitTools): Promise<void> {
  const { realPath, original, content, finalPath } = slot;
  if (original !== undefined && content !== undefined && inPlace) {
    undo.push(() => writeInPlace(realPath, original.bytes));
    await writeInPlace(realPath, content.bytes);
  } else if (original !== undefined && fresh !== undefined && !original.link) {
    await keepBackup(realPath, backup);
    await disk.rename(fresh, realPath);
    undo.push(() => rename(backup, realPath));
  } else {
    if (original !== undefined) {
      await disk.rename(realPath, backup);
      undo.push(() => rename(backup, realPath));
    }
    if (fresh !== undefined) {
      await placeNew(fresh, realPath);
      undo.push(() => rm(realPath));
    }
  }
  if (finalPath !== undefined && finalPath !== realPath) {
    await disk.rename(realPath, finalPath);
    undo.push(() => rename(finalPath, realPath));
  }
}

/** Whether every step could be taken back. */
async function rollBack(undo: readonly Undo[]): Promise<boolean> {
  let complete = true;
  for (const step of [...undo].reverse()) {
    await step().catch(() => {
      complete = false;
    });
  }
  return complete;
}

async function thoseThere(paths: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return there.flat();
}

function halfUndone(kept: readonly string[], cause: unknown): AgentError {
  return new AgentError(
    "internal",
    `The edit failed halfway and could not be undone completely. What was there before is kept in ${kept.join(", ")}.`,
    { cause },
  );
}
