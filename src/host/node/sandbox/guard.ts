import { lstatSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Confinement, Quarantined } from "../../sandbox.ts";
import { heldIn, keptPaths, requireNoLinks } from "./keptPaths.ts";
import { type Before, leftBehind, rememberBefore, stampOf } from "./leftBehind.ts";
import { entryAt, isInside, realOrUndefined } from "./lookAround.ts";
import { createQuarantine, type Quarantine } from "./quarantine.ts";
import { type Found, foundAt, isPassedOver, targetsOf } from "./rootScan.ts";
import { createRootScans, type RootScans } from "./rootScans.ts";
import { createStubs, isStub, removeStub, type Stubs } from "./stubs.ts";

/** Keeps what is protected in writable folders from one command. */
export interface GuardedCommand {
  /** What is to be read-only. */
  readonly paths: readonly string[];
  /** To be called when nothing of the command runs any more: moves away what it left where programs or agents would obey it. Never rejects. */
  ended(): Promise<readonly Quarantined[]>;
}

export interface Watched {
  readonly confinement: Confinement;
  /** All folders that can be written, those for temporary files too. */
  readonly writable: readonly string[];
}

export interface Guard {
  /** `roots` are the folders to be guarded, as real paths. Rejects with `unsupported` for what cannot be. */
  watch(roots: readonly string[], command: Watched): Promise<GuardedCommand>;
  /** As in `Sandbox`. */
  isUnsettled(path: string): boolean;
  unguardedIn(folders: readonly string[]): readonly string[];
  /**
   * To be told of every file that changes, or that somebody looks at, while commands run: what a running command made in the repositories of git around
   * it, and makes git run programs, is moved away now, before somebody's git comes by.
   */
  checkRepositories(path: string): void;
  readonly ownWrites: OwnWrites;
}

/** What Patchwright writes itself while commands run, when the user allowed it: it is not taken for theirs. */
export interface OwnWrites {
  /** Makes room where something stands only to keep commands from making it. To be called before writing. */
  before(paths: readonly string[]): void;
  /** What is there now counts as it is; a change of it by a command does not. */
  after(paths: readonly string[]): void;
}

export interface GuardOptions {
  /** A folder in the private store. */
  readonly folder: string;
  /** As `ScanOptions.mostFolders`. */
  readonly mostFolders?: number | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
}

interface Parts {
  readonly stubs: Stubs;
  readonly quarantine: Quarantine;
  readonly scans: RootScans;
  /** What is there by the user's leave, by path, with its stamp. */
  readonly accepted: Map<string, string>;
  /** Of the commands that run. */
  readonly watches: Set<Watch>;
  readonly onWarning: (message: string) => void;
}

/** What is known of one command that runs. */
interface Watch extends Watched {
  readonly roots: readonly string[];
  readonly before: Before;
  /** What is held for it, with the folder that stood there at its start. */
  readonly heldAt: Map<string, string>;
  /** Unix milliseconds. */
  readonly beganAtMs: number;
  /** While it ran. */
  readonly moved: Quarantined[];
}

export function createGuard({ folder, mostFolders, onWarning = () => undefined }: GuardOptions): Guard {
  const parts: Parts = {
    stubs: createStubs(join(folder, "stubs")),
    quarantine: createQuarantine(join(folder, "quarantine")),
    scans: createRootScans(mostFolders),
    accepted: new Map(),
    watches: new Set(),
    onWarning,
  };
  return {
    watch: (roots, command) => watch(roots, command, parts),
    isUnsettled: (path) => [...parts.watches].some((one) => isUnsettled(realPlace(path), one, parts.accepted)),
    checkRepositories: (path) => checkRepositories(path, parts),
    unguardedIn: (folders) => folders.filter((one) => parts.scans.cutShort.has(realOrUndefined(one) ?? one)),
    ownWrites: createOwnWrites(parts),
  };
}

async function watch(roots: readonly string[], watched: Watched, parts: Parts): Promise<GuardedCommand> {
  const { writable, confinement } = watched;
  const { stubs, scans, watches, accepted } = parts;
  const named = await scans.of(roots, confinement);
  requireNoLinks(roots, named);
  const found = [...named, ...targetsOf(named, writable)];
  const held = stubs.hold(roots.flatMap((root) => heldIn(root, confinement)));
  const paths = [...held, ...keptPaths(found, writable)];
  const one: Watch = {
    ...watched,
    roots,
    before: rememberBefore(found, { roots, writable, kept: paths }),
    heldAt: new Map(held.map((path) => [path, placeOf(path)])),
    beganAtMs: Date.now(),
    moved: [],
  };
  watches.add(one);
  return {
    paths,
    async ended() {
      try {
        const moved = (await leftBy(one, parts)).flatMap((path) => move(path, parts));
        for (const entry of found) restoreLink(entry);
        return [...one.moved, ...moved];
      } catch (error) {
        parts.onWarning(`What a command left in ${roots.join(", ")} could not be looked at: ${String(error)}`);
        return one.moved;
      } finally {
        stubs.release(held);
        watches.delete(one);
        if (watches.size === 0) accepted.clear();
      }
    },
  };
}

async function leftBy(
  { roots, writable, confinement, before, heldAt }: Watch,
  { scans, accepted }: Parts,
): Promise<readonly string[]> {
  const seen = await scans.of(roots, confinement);
  // A link that is new is moved away itself, and what it leads to is left alone.
  const old = new Set(before.found.map(({ identity }) => identity));
  const lasting = seen.filter(({ identity }) => old.has(identity));
  const after = [...seen, ...targetsOf(lasting, writable)];
  // In the very folder that was held, the command could write nothing.
  const open = after.filter(({ path }) => placeOf(path) !== heldAt.get(path));
  return leftBehind(before, open, accepted);
}

function checkRepositories(path: string, { watches, accepted, ...parts }: Parts): void {
  if (watches.size === 0) return;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const repository = join(folder, ".git");
    if (entryAt(repository) === undefined) continue;
    const real = realPlace(repository);
    for (const one of watches)
      if (canHaveMade(real, one)) one.moved.push(...leftAt(real, one, accepted).flatMap((left) => move(left, parts)));
  }
}

/** What lies where it was not looked before the command counts as the command's only if it is younger. */
function canHaveMade(folder: string, { roots, heldAt, beganAtMs }: Watch): boolean {
  if (!roots.some((root) => isInside(root, folder)) || placeOf(folder) === heldAt.get(folder)) return false;
  return !isPassedOver(folder) || (entryAt(folder)?.birthtimeMs ?? 0) >= beganAtMs;
}

function leftAt(path: string, { before, writable }: Watch, accepted: Parts["accepted"]): readonly string[] {
  const found = foundAt(path);
  return leftBehind(before, [...found, ...targetsOf(found, writable)], accepted);
}

function move(
  path: string,
  { quarantine, onWarning }: Pick<Parts, "quarantine" | "onWarning">,
): readonly Quarantined[] {
  try {
    const moved = quarantine.move(path);
    return moved === undefined ? [] : [moved];
  } catch (error) {
    onWarning(`A command left ${path}, which programs may obey, and it could not be moved away: ${String(error)}`);
    return [];
  }
}

/** What is not there any more may have been the command's: somebody who has just read it cannot know. */
function isUnsettled(path: string, one: Watch, accepted: Parts["accepted"]): boolean {
  const { roots, before, heldAt } = one;
  if (!roots.some((root) => isInside(root, path)) || placeOf(path) === heldAt.get(path)) return false;
  const [entry] = foundAt(path);
  if (entry === undefined) return true;
  if (entry.kind === "link" && realOrUndefined(path) === undefined) return true;
  // What is in a folder of its own it may change at any moment.
  if (entry.kind === "folder" && before.found.every(({ identity }) => identity !== entry.identity)) return true;
  return leftAt(path, one, accepted).length > 0;
}

function createOwnWrites({ watches, accepted }: Parts): OwnWrites {
  return {
    before(paths) {
      for (const path of paths.filter(isStub)) {
        removeStub(path);
        for (const { heldAt } of watches) heldAt.delete(path);
      }
    },
    after(paths) {
      if (watches.size === 0) return;
      for (const path of paths.map(realPlace)) accepted.set(path, stampOf(path));
    },
  };
}

/** The same as long as the same folder is there: its number alone may be another's later. */
function placeOf(path: string): string {
  const { dev, ino, birthtimeNs } = lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? {};
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** A protected link cannot be kept from being replaced; it is put back. */
function restoreLink({ path, kind, target }: Found): void {
  if (kind !== "link" || target === undefined || entryAt(path) !== undefined) return;
  if (realOrUndefined(dirname(path)) === dirname(path)) symlinkSync(target, path);
}

function realPlace(path: string): string {
  return join(realOrUndefined(dirname(path)) ?? dirname(path), basename(path));
}
