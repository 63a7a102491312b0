import { constants, type Stats } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { AgentError } from "../../protocol/errors.ts";
import { type Anchor, holdFolder, makeFolder } from "./anchor.ts";
import type { Disk } from "./disk.ts";
import type { Content, Slot } from "./editPlan.ts";
import { isAbsent } from "./read.ts";
import { sweepTemporary, temporaryName } from "./temporaryFiles.ts";

/** A change that is ready beside its place. */
export interface Staged {
  readonly slot: Slot;
  readonly folder: Anchor;
  /** The name in the folder of the file with the new content; undefined for a removal. */
  readonly fresh: string | undefined;
  /** The name that the old file takes meanwhile. */
  readonly backup: string;
  /** A file with several hard links, or with an owner that a new one would not get, is written where it is. */
  readonly inPlace: boolean;
}

/** Where staging works, with what it leaves for the caller to remove: noted before a file is made, so that a failure loses no name. */
export interface Staging {
  readonly made: MadeName[];
  readonly temporary: MadeName[];
  /** Folders that are held open, by real path. */
  readonly held: Map<string, Anchor>;
  readonly disk: Disk;
}

export interface MadeName {
  readonly folder: Anchor;
  readonly name: string;
}

const WRITE_BITS = 0o222;
const MODE_BITS = 0o7777;

/**
 * Checks that the slot may be changed and writes its new content, down to the disk, into a temporary file of the same folder.
 * A file that is to be written in place gets a copy of its old content too, so that nothing is lost when the writing is cut short.
 * A replaced file keeps its mode and owner; access control lists and extended attributes are not carried over.
 */
export async function stageSlot(slot: Slot, staging: Staging): Promise<Staged> {
  const folder = await heldFolder(dirname(slot.realPath), staging);
  await requireWritableFolder(folder);
  if (slot.original !== undefined && !slot.original.link) await requireWritableFile(slot, slot.original.stats);
  const backup = temporaryIn(folder, { kind: "old", staging });
  if (slot.content === undefined) return { slot, folder, fresh: undefined, backup, inPlace: false };
  const fresh = temporaryIn(folder, { kind: "new", staging });
  const ownerKept = await writeFresh(
    { path: folder.at(fresh), ...slot.content, replaced: slot.original?.stats },
    staging.disk,
  );
  const old = slot.original?.link === false ? slot.original : undefined;
  const inPlace = old !== undefined && (old.stats.nlink > 1 || !ownerKept);
  if (inPlace) await writeFresh({ path: folder.at(backup), bytes: old.bytes, mode: old.stats.mode }, staging.disk);
  return { slot, folder, fresh, backup, inPlace };
}

interface Temporary {
  readonly kind: "new" | "old";
  readonly staging: Staging;
}

function temporaryIn(folder: Anchor, { kind, staging }: Temporary): string {
  const name = temporaryName(kind);
  staging.temporary.push({ folder, name });
  return name;
}

/** Holds the folder; those that are missing are made, each noted in `made`, outermost first. */
async function heldFolder(folder: string, { held, made }: Staging): Promise<Anchor> {
  const missing: string[] = [];
  let current = folder;
  for (; !held.has(current) && !(await isFolder(current)); current = dirname(current)) missing.unshift(current);
  let anchor = held.get(current);
  if (anchor === undefined) {
    anchor = await holdFolder(current);
    held.set(current, anchor);
    await sweepTemporary(anchor);
  }
  for (const path of missing) {
    await requireWritableFolder(anchor);
    const inner = await makeFolder(anchor, path);
    made.push({ folder: anchor, name: basename(path) });
    held.set(path, inner);
    anchor = inner;
  }
  return anchor;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (isAbsent(error) && path !== dirname(path)) return false;
    throw error;
  }
  throw new AgentError("alreadyExists", `${path} is a file, so nothing can be put below it.`);
}

/** The superuser may write anywhere, but a path without any write permission was locked by someone on purpose. */
async function requireWritableFile(slot: Slot, stats: Stats): Promise<void> {
  if ((stats.mode & WRITE_BITS) !== 0 && (await isWritable(slot.realPath))) return;
  throw new AgentError("permissionDenied", `${slot.path} is read-only. Make it writable first if it may be changed.`);
}

async function requireWritableFolder(folder: Anchor): Promise<void> {
  const path = folder.at(".");
  if (((await stat(path)).mode & WRITE_BITS) !== 0 && (await isWritable(path))) return;
  throw new AgentError(
    "permissionDenied",
    `The folder ${folder.folder} is read-only, so nothing in it can be changed.`,
  );
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

interface FreshFile extends Content {
  readonly path: string;
  /** The file whose owner it is to have. */
  readonly replaced?: Stats | undefined;
}

/** Whether the new file has the owner of the one it is to replace. */
async function writeFresh(file: FreshFile, disk: Disk): Promise<boolean> {
  const { path, bytes, mode, executable, replaced } = file;
  const newMode = executable ? 0o777 : 0o666;
  const handle = await open(path, "wx", mode === undefined ? newMode : 0o600);
  try {
    await handle.writeFile(bytes);
    let ownerKept = true;
    if (replaced !== undefined) {
      const { uid, gid } = await handle.stat();
      if (uid !== replaced.uid || gid !== replaced.gid) {
        ownerKept = await handle.chown(replaced.uid, replaced.gid).then(
          () => true,
          () => false,
        );
      }
    }
    if (mode !== undefined) await handle.chmod(mode & MODE_BITS);
    await disk.sync(handle);
    return ownerKept;
  } finally {
    await handle.close();
  }
}
