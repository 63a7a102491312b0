import { lstatSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AgentError } from "../../../protocol/errors.ts";
import type { Confinement, Quarantined } from "../../host.ts";
import { repositoryOf } from "./gitDangers.ts";
import { leftBehind, rememberBefore, stampOf } from "./leftBehind.ts";
import { entryAt, isInside, realOrUndefined } from "./lookAround.ts";
import { OBEYED_AT_ONCE } from "./obeyedAtOnce.ts";
import { createQuarantine } from "./quarantine.ts";
import { type Found, type Listings, scanRoot, targetsOf } from "./rootScan.ts";
import { createStubs, isStub, removeStub } from "./stubs.ts";

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
  readonly ownWrites: OwnWrites;
}

/** What Patchwright writes itself while commands run, when the user allowed it: it is not taken for theirs. */
export interface OwnWrites {
  /** Makes room where something stands only to keep commands from making it. To be called before writing. */
  before(paths: readonly string[]): void;
  /** What is there now counts as it is; a change of it by a command does not. */
  after(paths: readonly string[]): void;
}

/** A link in one of these places could be put out of the way while the command runs, and something else in its place. */
const NO_LINKS = new Set([".git", ".vscode", ".idea"]);

/**
 * What stands there as an empty folder while commands run, so that they cannot make it: an editor and git obey these at once. Whatever else is
 * protected is moved away when the command ends; a place for each of them would be seen in the folder, and be in the user's own way.
 */
const HELD = [".git", ".vscode"];

/**
 * The time that they take at the start of a command grows with the square of their number. What is obeyed at once comes first, and then what is near
 * the root; what of the rest a command changed is moved away like what it made.
 */
const MOST_MOUNTS = 64;

export interface GuardOptions {
  /** A folder in the private store. */
  readonly folder: string;
  readonly onWarning?: ((message: string) => void) | undefined;
}

export function createGuard({ folder, onWarning = () => undefined }: GuardOptions): Guard {
  const stubs = createStubs(join(folder, "stubs"));
  const quarantine = createQuarantine(join(folder, "quarantine"));
  /** By what is protected, since that decides what was looked for. */
  const known = new WeakMap<Confinement["isProtected"], Map<string, Listings>>();

  const accepted = new Map<string, string>();
  /** What is held for the commands that run, with the folder that stood there at their start. */
  const places = new Set<Map<string, string>>();

  async function scan(roots: readonly string[], { isProtected }: Confinement): Promise<readonly Found[]> {
    const listings = known.get(isProtected) ?? new Map<string, Listings>();
    known.set(isProtected, listings);
    const found = new Map<string, Found>();
    for (const root of roots) {
      const seen = await scanRoot({ root, isProtected, known: listings.get(root) ?? new Map() });
      listings.set(root, seen.listings);
      for (const one of seen.found) if (!found.has(one.path)) found.set(one.path, one);
    }
    return [...found.values()];
  }

  function move(path: string): readonly Quarantined[] {
    try {
      const moved = quarantine.move(path);
      return moved === undefined ? [] : [moved];
    } catch (error) {
      onWarning(`A command left ${path}, which programs may obey, and it could not be moved away: ${String(error)}`);
      return [];
    }
  }

  return {
    async watch(roots, { writable, confinement }) {
      const named = await scan(roots, confinement);
      const found = [...named, ...targetsOf(named, writable)];
      const link = named.find(({ path, kind }) => kind === "link" && roots.includes(dirname(path)) && isNoLink(path));
      if (link !== undefined) throw linkError(link.path);
      const absent = roots.flatMap((root) => absentIn(root, confinement));
      const held = stubs.hold(absent);
      const paths = [...held, ...existing(found, writable)];
      const before = rememberBefore(found, { roots, writable, kept: paths });
      const heldAt = new Map(held.map((path) => [path, placeOf(path)]));
      places.add(heldAt);
      return {
        paths,
        async ended() {
          try {
            const seen = await scan(roots, confinement);
            // A link that is new is moved away itself, and what it leads to is left alone.
            const links = new Set(named.map(({ identity }) => identity));
            const lasting = seen.filter(({ identity }) => links.has(identity));
            const after = [...seen, ...targetsOf(lasting, writable)];
            // In the very folder that was held, the command could write nothing.
            const open = after.filter(({ path }) => placeOf(path) !== heldAt.get(path));
            const moved = leftBehind(before, open, accepted).flatMap(move);
            for (const one of found) restoreLink(one);
            return moved;
          } catch (error) {
            onWarning(`What a command left in ${roots.join(", ")} could not be looked at: ${String(error)}`);
            return [];
          } finally {
            stubs.release(held);
            places.delete(heldAt);
            if (places.size === 0) accepted.clear();
          }
        },
      };
    },
    ownWrites: {
      before(paths) {
        for (const path of paths.filter(isStub)) {
          removeStub(path);
          for (const heldAt of places) heldAt.delete(path);
        }
      },
      after(paths) {
        if (places.size === 0) return;
        for (const path of paths.map(realPlace)) accepted.set(path, stampOf(path));
      },
    },
  };
}

/** The same as long as the same folder is there: its number alone may be another's later. */
function placeOf(path: string): string {
  const { dev, ino, birthtimeNs } = lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? {};
  return `${dev}:${ino}:${birthtimeNs}`;
}

function isNoLink(path: string): boolean {
  return NO_LINKS.has(basename(path));
}

function linkError(path: string): AgentError {
  return new AgentError(
    "unsupported",
    `The command did not run, since ${path} is a symbolic link, which the sandbox cannot guard. Put the folder itself there.`,
  );
}

function absentIn(root: string, { isProtected }: Confinement): readonly string[] {
  return HELD.filter((name) => isProtected(name) || isProtected(`${name}/x`))
    .map((name) => join(root, name))
    .filter((path) => entryAt(path) === undefined || isStub(path));
}

/** What is there, that which is obeyed at once first, and the repositories that lie elsewhere. */
function existing(before: readonly Found[], writable: readonly string[]): readonly string[] {
  const mountable = before.filter(({ kind }) => kind === "folder" || kind === "file").map(({ path }) => path);
  const ofGit = mountable.filter((path) => basename(path) === ".git");
  const elsewhere = ofGit
    .flatMap((path) => repositoryOf(path))
    .filter((path) => writable.some((one) => isInside(one, path)));
  const atOnce = OBEYED_AT_ONCE.flatMap((name) => mountable.filter((path) => basename(path) === name));
  return [...new Set([...ofGit, ...elsewhere, ...atOnce, ...mountable])].slice(0, MOST_MOUNTS);
}

/** A protected link cannot be kept from being replaced; it is put back. */
function restoreLink({ path, kind, target }: Found): void {
  if (kind !== "link" || target === undefined || entryAt(path) !== undefined) return;
  if (realOrUndefined(dirname(path)) === dirname(path)) symlinkSync(target, path);
}

function realPlace(path: string): string {
  return join(realOrUndefined(dirname(path)) ?? dirname(path), basename(path));
}
