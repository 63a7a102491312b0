import { lstat, rename, rm, rmdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { AgentError } from "../../protocol/errors.ts";
import type { Disk } from "./disk.ts";
import type { Slot } from "./editPlan.ts";
import { onPath } from "./errors.ts";
import { keepBackup, placeNew, syncFolder, writeInPlace } from "./place.ts";
import { type MadeName, type Staged, type Staging, stageSlot } from "./stage.ts";

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
  const staging: Staging = { made: [], temporary: [], held: new Map(), disk };
  const kept: MadeName[] = [];
  let committed = false;

  return {
    stage: (slot) =>
      onPath(slot.path, async () => {
        staged.push(await stageSlot(slot, staging));
      }),
    async commit() {
      const undo: Undo[] = [];
      try {
        for (const one of staged) await onPath(one.slot.path, () => commitOne(one, { disk, undo }));
      } catch (error) {
        if (await rollBack(undo)) throw error;
        kept.push(...(await thoseThere(staged.map((one) => ({ folder: one.folder, name: one.backup })))));
        throw halfUndone(
          kept.map(({ folder, name }) => join(folder.folder, name)),
          error,
        );
      }
      committed = true;
      for (const folder of new Set(staged.map((one) => one.folder))) await syncFolder(folder.at("."));
    },
    async close() {
      const { temporary, made, held } = staging;
      const isKept = (name: string) => kept.some((one) => one.name === name);
      for (const { folder, name } of temporary)
        if (!isKept(name)) await rm(folder.at(name), { force: true }).catch(() => undefined);
      if (!committed)
        for (const { folder, name } of made.reverse()) await rmdir(folder.at(name)).catch(() => undefined);
      for (const anchor of held.values()) await anchor.close().catch(() => undefined);
    },
  };
}

type Undo = () => Promise<void>;

interface CommitTools {
  readonly disk: Disk;
  /** What takes the steps so far back, in the order they were made. */
  readonly undo: Undo[];
}

async function commitOne({ slot, folder, inPlace, ...names }: Staged, { disk, undo }: CommitTools): Promise<void> {
  const { original, content, finalPath } = slot;
  await folder.check();
  const place = folder.at(basename(slot.realPath));
  const backup = folder.at(names.backup);
  const fresh = names.fresh === undefined ? undefined : folder.at(names.fresh);
  if (original !== undefined && content !== undefined && inPlace) {
    const was = { path: slot.path, stats: original.stats };
    undo.push(() => writeInPlace(place, original.bytes, was));
    await writeInPlace(place, content.bytes, was);
  } else if (original !== undefined && fresh !== undefined && !original.link) {
    await keepBackup(place, backup);
    await disk.rename(fresh, place);
    undo.push(() => rename(backup, place));
  } else {
    if (original !== undefined) {
      await disk.rename(place, backup);
      undo.push(() => rename(backup, place));
    }
    if (fresh !== undefined) {
      await placeNew(fresh, place);
      undo.push(() => rm(place));
    }
  }
  if (finalPath !== undefined && finalPath !== slot.realPath) {
    const final = folder.at(basename(finalPath));
    await disk.rename(place, final);
    undo.push(() => rename(final, place));
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

async function thoseThere(names: readonly MadeName[]): Promise<readonly MadeName[]> {
  const there = await Promise.all(
    names.map((one) =>
      lstat(one.folder.at(one.name)).then(
        () => [one],
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
