import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entryAt } from "./lookAround.ts";

/** By when it was changed, and by being empty, a stub is known again. In milliseconds. */
const STUB_TIME = 981_173_106_000;

/**
 * Empty folders that stand, while commands run, where something protected could be made: a mount needs a place. They are folders also where a file
 * would be, since git and the snapshots show no empty folders, and since removing one can never remove what somebody put there.
 */
export interface Stubs {
  /** Makes those that are not there yet, and returns all that are. What cannot be made is left out. */
  hold(paths: readonly string[]): readonly string[];
  /** Removes those that no other command, of this host or another, needs any more. */
  release(paths: readonly string[]): void;
}

/** Each host writes down what it holds before it makes it, so that another one leaves it, and removes it when its host was killed. */
export function createStubs(folder: string): Stubs {
  const owner = ownerOf(process.pid) ?? `${process.pid}`;
  const held = new Map<string, number>();
  let isSwept = false;

  function count(paths: readonly string[], by: 1 | -1): void {
    const before = held.size;
    for (const path of paths) {
      const left = (held.get(path) ?? 0) + by;
      if (left > 0) held.set(path, left);
      else held.delete(path);
    }
    if (held.size !== before) writeHeld(folder, owner, [...held.keys()]);
  }

  return {
    hold(paths) {
      if (!isSwept) sweepOfDead(folder);
      isSwept = true;
      count(paths, 1);
      const made = paths.filter(makeStub);
      count(
        paths.filter((path) => !made.includes(path)),
        -1,
      );
      return made;
    },
    release(paths) {
      count(paths, -1);
      const others = new Set(heldByOthers(folder, owner));
      for (const path of paths) if (!held.has(path) && !others.has(path)) removeStub(path);
    },
  };
}

/** Removes what hosts left that are not there any more. */
function sweepOfDead(folder: string): void {
  for (const owner of namesIn(folder).filter((name) => !isAlive(name))) {
    const others = new Set(heldByOthers(folder, owner));
    for (const path of readHeld(folder, owner)) if (!others.has(path)) removeStub(path);
    rmSync(join(folder, owner), { force: true });
  }
}

function makeStub(path: string): boolean {
  try {
    mkdirSync(path);
    utimesSync(path, STUB_TIME / 1000, STUB_TIME / 1000);
    return true;
  } catch {
    return isStub(path);
  }
}

/** Takes it away from under the commands that it is held for. */
export function removeStub(path: string): void {
  try {
    if (isStub(path)) rmdirSync(path);
  } catch {
    // Somebody has put something in.
  }
}

/** Whether one is there, of whichever host. */
export function isStub(path: string): boolean {
  const entry = entryAt(path);
  return entry?.isDirectory() === true && entry.mtimeMs === STUB_TIME;
}

/** A host's process, told apart from a later one with its number by when it was started. */
function ownerOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return `${pid}-${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return undefined;
  }
}

function isAlive(owner: string): boolean {
  return ownerOf(Number.parseInt(owner, 10)) === owner;
}

function heldByOthers(folder: string, owner: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name !== owner && isAlive(name))
    .flatMap((name) => readHeld(folder, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What cannot be noted is still removed when its command ends. */
function writeHeld(folder: string, owner: string, paths: readonly string[]): void {
  const file = join(folder, owner);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A file that is emptied is brought to the disk by some file systems, which takes longer than most commands.
    if (paths.length === 0) rmSync(file, { force: true });
    else writeFileSync(file, paths.map((path) => `${JSON.stringify(path)}\n`).join(""), { mode: 0o600 });
  } catch {
    // A store that cannot be written.
  }
}

function readHeld(folder: string, owner: string): readonly string[] {
  try {
    const lines = readFileSync(join(folder, owner), "utf8").split("\n");
    return lines.filter((line) => line.endsWith('"')).map((line) => String(JSON.parse(line)));
  } catch {
    return [];
  }
}
