import { type BigIntStats, type Dirent, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { hooksOf, isGitFolder } from "./gitDangers.ts";
import { entryAt, isInside, realOrUndefined } from "./lookAround.ts";
import { OBEYED_AT_ONCE } from "./obeyedAtOnce.ts";

/** Something that a command must not change, or must not leave behind. */
export interface Found {
  /** Absolute. */
  readonly path: string;
  /** "repository" is a folder that git takes for one without files around it. */
  readonly kind: "folder" | "file" | "link" | "repository";
  /** The same for the same file or folder, wherever it was moved to. */
  readonly identity: string;
  /** Where a link leads, as it is written. */
  readonly target?: string | undefined;
}

/** What was seen in a folder, to be used again as long as nothing in it was made, removed or renamed. */
interface Listing extends Pick<BigIntStats, "dev" | "ino" | "birthtimeNs" | "ctimeNs"> {
  /** False when it changed so shortly before that a change right after it could have been missed. */
  readonly isSettled: boolean;
  /** Absolute. */
  readonly folders: readonly string[];
  readonly found: readonly Found[];
}

/** What is known of a root, by path. */
export type Listings = ReadonlyMap<string, Listing>;

export interface Scan {
  readonly listings: Listings;
  /** What is nearer to the root comes first. */
  readonly found: readonly Found[];
  /** False when there was more than is looked at. */
  readonly isWhole: boolean;
}

export interface ScanOptions {
  readonly root: string;
  /** `relative` to the root, with "/" between its parts. */
  isProtected(relative: string): boolean;
  /** Of an earlier scan of this root. */
  readonly known: Listings;
  /** How many folders are looked at, those near the root first. */
  readonly mostFolders?: number | undefined;
}

/** Looking at so many anew takes a second or two, and again, when they are known, a fifth of that. */
const MOST_FOLDERS = 20_000;
/** After so many folders others have their turn. */
const AT_ONCE = 500;
/** The clock of a file system goes in steps: a listing this young may lack what came right after it. In nanoseconds. */
const CLOCK_STEP = 50_000_000n;
/** Programs live there that are run anyway, and their packages bring all kinds of files along. */
const PASSED_OVER = new Set(["node_modules"]);

/**
 * Everything protected below a root, without following links. Only folders that changed since the last scan are listed again: a change in a folder
 * shows in its time, which no command can set back. What lies in a protected folder is not looked at by itself.
 */
export async function scanRoot(options: ScanOptions): Promise<Scan> {
  const { root, mostFolders = MOST_FOLDERS } = options;
  const listings = new Map<string, Listing>();
  const found: Found[] = [];
  const waiting = [root];
  for (let at = 0; at < waiting.length && at < mostFolders; at++) {
    if (at % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const folder = waiting[at] ?? root;
    const listing = look(folder, options);
    if (listing === undefined) continue;
    listings.set(folder, listing);
    // One by one: a call takes no hundreds of thousands of arguments.
    for (const one of listing.found) found.push(one);
    for (const inner of listing.folders) waiting.push(inner);
  }
  return { listings, found, isWhole: waiting.length <= mostFolders };
}

function look(folder: string, { root, isProtected, known }: ScanOptions): Listing | undefined {
  try {
    const now = Date.now();
    const stats = lstatSync(folder, { bigint: true });
    const last = known.get(folder);
    if (last !== undefined && isUnchanged(last, stats)) return last;
    const entries = entriesIn(folder);
    const relative = (name: string) => join(folder, name).slice(root === "/" ? 1 : root.length + 1);
    const kinds = entries.map((entry) => ({ entry, guarded: isGuarded(entry, relative(entry.name), isProtected) }));
    const found = kinds.flatMap(({ entry, guarded }) => (guarded ? foundAt(join(folder, entry.name)) : []));
    const folders = kinds
      .filter(({ entry, guarded }) => !guarded && entry.isDirectory())
      .map(({ entry }) => entry.name);
    const isRepository = isGitFolder(new Set(entries.map(({ name }) => name)));
    const { dev, ino, birthtimeNs, ctimeNs } = stats;
    return {
      ...{ dev, ino, birthtimeNs, ctimeNs },
      isSettled: ctimeNs < BigInt(now) * 1_000_000n - CLOCK_STEP,
      folders: folders.filter((name) => !PASSED_OVER.has(name)).map((name) => join(folder, name)),
      found: isRepository ? [...found, { path: folder, kind: "repository", identity: identityOf(stats) }] : found,
    };
  } catch {
    // It is gone.
    return undefined;
  }
}

function isUnchanged(last: Listing, { dev, ino, birthtimeNs, ctimeNs }: BigIntStats): boolean {
  const isSame = last.ino === ino && last.dev === dev && last.birthtimeNs === birthtimeNs && last.ctimeNs === ctimeNs;
  return isSame && last.isSettled;
}

type Entry = Pick<Dirent, "name" | "isFile" | "isDirectory">;

/** Of a folder that may not be read only what has a name that is known beforehand: programs that know it find it, too. */
function entriesIn(folder: string): readonly Entry[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return OBEYED_AT_ONCE.flatMap((name) => {
      const stats = entryAt(join(folder, name));
      if (stats === undefined) return [];
      return [{ name, isFile: () => stats.isFile(), isDirectory: () => stats.isDirectory() }];
    });
  }
}

function isGuarded(entry: Entry, relative: string, isProtected: ScanOptions["isProtected"]): boolean {
  return isProtected(relative) || (!entry.isFile() && isProtected(`${relative}/x`));
}

/** What these lead to, in folders that can be written: links, by whose names it is obeyed, and repositories whose hooks lie elsewhere. */
export function targetsOf(found: readonly Found[], writable: readonly string[]): readonly Found[] {
  const isReached = (target: string) => writable.some((one) => isInside(one, target) && !isInside(target, one));
  return found.flatMap(({ path, kind }) => {
    const target = kind === "link" ? realOrUndefined(path) : undefined;
    return [...(target === undefined ? [] : [target]), ...hooksOf(path)].filter(isReached).flatMap(foundAt);
  });
}

/** Whether a path lies in what is not looked through. */
export function isPassedOver(path: string): boolean {
  return path.split("/").some((name) => PASSED_OVER.has(name));
}

/** What is at the path itself; at most one. */
export function foundAt(path: string): readonly Found[] {
  try {
    const stats = lstatSync(path, { bigint: true });
    const identity = identityOf(stats);
    if (stats.isSymbolicLink()) return [{ path, kind: "link", identity, target: readlinkSync(path) }];
    return [{ path, kind: stats.isDirectory() ? "folder" : "file", identity }];
  } catch {
    return [];
  }
}

/** With the time when it was made, since the numbers of removed files are used again. */
function identityOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}
