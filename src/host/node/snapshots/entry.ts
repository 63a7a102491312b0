import { basename } from "node:path";
import type { SnapshotChange } from "../../snapshots.ts";
import { ignoreFiles as ignoreFileNames } from "../ignoreRules.ts";

/** What a snapshot says of one file. Times are in milliseconds with fractions, as `Stats` has them. */
export interface Entry {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly executable: boolean;
  /** Undefined for a file without content: too large, or not to be read. */
  readonly hash: string | undefined;
  /** False when the file may have changed again without other times: it was written at the very moment that it was looked at. */
  readonly settled: boolean;
}

export type Entries = ReadonlyMap<string, Entry>;

export interface Moment {
  /** When the files were last found to be so, in Unix milliseconds. */
  readonly takenAtMs: number;
  readonly entries: Entries;
}

/** Whether both have the same content, as far as is known. */
export function isSameContent(one: Entry, other: Entry): boolean {
  if (one.hash !== undefined || other.hash !== undefined) return one.hash === other.hash;
  return one.size === other.size && one.mtimeMs === other.mtimeMs;
}

/** Whether a file needs no entry but the one that it has. */
export function isSameEntry(one: Entry, other: Entry): boolean {
  return isSameContent(one, other) && one.executable === other.executable;
}

/**
 * What differs in content, sorted by path. When ignore rules changed in between, a file that has not changed since before the first moment is not
 * added: it only came into view.
 */
export function differences(from: Moment, to: Moment): SnapshotChange[] {
  const changes: SnapshotChange[] = [];
  for (const [path, entry] of to.entries) {
    const before = from.entries.get(path);
    if (!before) changes.push({ path, kind: "add" });
    else if (!isSameContent(before, entry)) changes.push({ path, kind: "update" });
  }
  for (const path of from.entries.keys()) if (!to.entries.has(path)) changes.push({ path, kind: "delete" });
  const sorted = changes.sort((one, other) => (one.path < other.path ? -1 : 1));
  const rulesChanged = to.takenAtMs > from.takenAtMs && sorted.some(({ path }) => ignoreFiles.has(basename(path)));
  return rulesChanged ? sorted.filter((change) => !cameIntoView(change, { from, to })) : sorted;
}

function cameIntoView({ path, kind }: SnapshotChange, { from, to }: { from: Moment; to: Moment }): boolean {
  const ctimeMs = to.entries.get(path)?.ctimeMs ?? Number.POSITIVE_INFINITY;
  return kind === "add" && ctimeMs < from.takenAtMs - CLOCK_GRANULE_MS;
}

const ignoreFiles: ReadonlySet<string> = new Set(ignoreFileNames);

/** How far the times of files may lag behind the clock. */
const CLOCK_GRANULE_MS = 20;
/** On file systems that keep whole seconds, some of them every other one. */
const COARSE_GRANULE_MS = 2000;

/** Whether times tell this content from any that may be written after `nowMs`, when the file was about to be read. */
export function isSettled({ mtimeMs, ctimeMs }: Pick<Entry, "mtimeMs" | "ctimeMs">, nowMs: number): boolean {
  const newest = Math.max(mtimeMs, ctimeMs);
  const isCoarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0;
  return newest < nowMs - (isCoarse ? COARSE_GRANULE_MS : CLOCK_GRANULE_MS);
}
