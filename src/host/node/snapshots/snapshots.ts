import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { AgentError, throwIfAborted } from "../../../protocol/errors.ts";
import type { FileSystem } from "../../files.ts";
import type { Snapshots } from "../../snapshots.ts";
import { onPath } from "../errors.ts";
import { differences } from "./entry.ts";
import { SnapshotSet } from "./snapshotSet.ts";

const MAXIMUM_FILES = 200_000;
/** The set of folders, then the snapshot's own name. */
const ID = /^([0-9a-f]{24})\.([0-9a-z]{10,40})$/;

export interface NodeSnapshotsOptions {
  /** Where Storage lives. Nothing below it is ever part of a snapshot. */
  readonly storageRoot: string;
  readonly list: FileSystem["list"];
}

export interface NodeSnapshots extends Snapshots {
  /** Says that this process takes no further ones. Resolves when what was under way is over. */
  close(): Promise<void>;
}

/** Snapshots in the private store: a folder for each set of folders, of which several processes may take snapshots at a time. */
export function createNodeSnapshots({ storageRoot, list }: NodeSnapshotsOptions): NodeSnapshots {
  const folder = join(storageRoot, "snapshots");
  const own = resolve(storageRoot) + sep;
  const sets = new Map<string, SnapshotSet>();
  let taken = 0;
  let last: Promise<unknown> = Promise.resolve();

  function setOf(key: string): SnapshotSet {
    const known = sets.get(key) ?? new SnapshotSet(join(folder, key));
    sets.set(key, known);
    return known;
  }

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(() => onPath(folder, work));
    last = done.catch(() => {});
    return done;
  }

  async function listAll(roots: readonly string[], signal: AbortSignal): Promise<string[]> {
    const lists: string[][] = [];
    for (const root of roots) {
      const { paths } = await list(root, { limit: MAXIMUM_FILES + 1 }, signal);
      lists.push(paths.filter((path) => !path.startsWith(own)));
    }
    const [first = [], ...others] = lists;
    const all = others.length === 0 ? first : [...new Set([...first, ...others.flat()])];
    if (all.length > MAXIMUM_FILES) throw tooMany();
    return all;
  }

  return {
    take: (roots, signal) =>
      inOrder(async () => {
        throwIfAborted(signal);
        const key = keyOf(roots);
        const number = ++taken;
        return `${key}.${await setOf(key).take(() => listAll(roots, signal), { number, signal })}`;
      }),
    async compare(from, to) {
      const [one, other] = [partsOf(from), partsOf(to)];
      if (one.key !== other.key) throw differentRoots();
      const before = await setOf(one.key).moment(one.name);
      const after = await setOf(other.key).moment(other.name);
      return from === to ? [] : differences(before, after);
    },
    async read(id, path) {
      const { key, name } = partsOf(id);
      return onPath(folder, () => setOf(key).read(name, path));
    },
    keepOnly(ids) {
      const number = taken;
      const names = new Map<string, Set<string>>();
      for (const id of ids) {
        const { key, name } = partsOf(id);
        names.set(key, (names.get(key) ?? new Set()).add(name));
      }
      return inOrder(async () => {
        const keys = await readdir(folder).catch(() => []);
        for (const key of keys) await setOf(key).keepOnly(names.get(key) ?? new Set(), number);
      });
    },
    diskBytes: () => bytesBelow(folder),
    async close() {
      await last;
      for (const set of sets.values()) await set.close();
    },
  };
}

function keyOf(roots: readonly string[]): string {
  const text = roots
    .map((root) => resolve(root))
    .sort()
    .join("\0");
  return createHash("sha256").update(text).digest("hex").slice(0, 24);
}

function partsOf(id: string): { key: string; name: string } {
  const [, key, name] = ID.exec(id) ?? [];
  if (key === undefined || name === undefined) throw new AgentError("notFound", "There is no such snapshot.");
  return { key, name };
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

function differentRoots(): AgentError {
  return new AgentError(
    "invalid",
    "Other folders are open now than when that was noted, so the files cannot be compared. Open the same folders and retry.",
  );
}

function tooMany(): AgentError {
  return new AgentError(
    "tooLarge",
    "The folder has more than 200,000 files. Name in .gitignore what need not be kept, such as build output and data.",
  );
}
