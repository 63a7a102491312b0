import { randomUUID } from "node:crypto";
import { chmodSync, closeSync, constants, cpSync, fstatSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Quarantined } from "../../sandbox.ts";
import { systemCode } from "../errors.ts";

/** How a folder is opened that need not be read, only gone through. Node has no name for it. */
const O_PATH = 0o10000000;

/**
 * Moves what a command left into a folder of the private store, which is made with the first of it. No link on the way is followed: another
 * command could put one there, to have something else moved.
 */
export interface Quarantine {
  /** Undefined when there is nothing at the path any more. Throws when it cannot be moved. */
  move(path: string): Quarantined | undefined;
}

export function createQuarantine(folder: string): Quarantine {
  return {
    move(path) {
      const name = `${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}-${randomUUID().slice(0, 8)}`;
      const place = join(folder, name);
      mkdirSync(place, { recursive: true, mode: 0o700 });
      const movedTo = join(place, basename(path));
      const isMoved = inFolder(dirname(path), (parent) => moveEntry(parent, basename(path), movedTo));
      return isMoved ? { path, movedTo } : undefined;
    },
  };
}

/** Runs `work` with an open folder that is reached without following links. */
function inFolder<T>(folder: string, work: (handle: number) => T): T {
  let handle = openSync("/", O_PATH | constants.O_DIRECTORY);
  try {
    for (const part of folder.split("/").filter((one) => one !== "")) {
      const next = openSync(join(placeOf(handle), part), O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      closeSync(handle);
      handle = next;
    }
    return work(handle);
  } finally {
    closeSync(handle);
  }
}

/** A name of what is open, which stays its own whatever is renamed. */
function placeOf(handle: number): string {
  return `/proc/self/fd/${handle}`;
}

function moveEntry(parent: number, name: string, to: string): boolean {
  const from = join(placeOf(parent), name);
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    if (systemCode(error) === "EACCES") return moveWithRights(parent, from, to);
    if (systemCode(error) !== "EXDEV") throw error;
  }
  // The store lies on another disk. Links are copied as links.
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, dereference: false });
  rmSync(from, { recursive: true, force: true });
  return true;
}

/** A folder that even its owner may not write to cannot be moved, and nothing in it can: so the owner may again. */
function moveWithRights(parent: number, from: string, to: string): boolean {
  addOwnersRights(parent);
  const entry = openSync(from, O_PATH | constants.O_NOFOLLOW);
  try {
    if (fstatSync(entry).isDirectory()) addOwnersRights(entry);
  } finally {
    closeSync(entry);
  }
  renameSync(from, to);
  return true;
}

function addOwnersRights(handle: number): void {
  chmodSync(placeOf(handle), (fstatSync(handle).mode & 0o7777) | 0o700);
}
