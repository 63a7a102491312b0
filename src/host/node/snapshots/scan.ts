import { constants, lstatSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { AgentError, throwIfAborted } from "../../../protocol/errors.ts";
import type { Contents } from "./contents.ts";
import { type Entries, type Entry, isSettled } from "./entry.ts";
import { hashOf } from "./packFile.ts";
import { pause } from "./pause.ts";

/** Larger files are noted without their content, in bytes. */
const MAXIMUM_SIZE = 8 * 1024 * 1024;
/** What may be read for one snapshot, in bytes. */
const MAXIMUM_READ = 1024 * 1024 * 1024;
/** How long files are looked at before everything else has its turn, in milliseconds. */
const SLICE_MS = 8;
const READS_AT_ONCE = 8;
const EXECUTE_BITS = 0o111;

export interface Scan {
  readonly paths: readonly string[];
  readonly known: Entries;
  readonly contents: Contents;
  readonly signal: AbortSignal;
}

/**
 * The files at these paths as they are now; what is not a regular file is left out. Only those are read that are not as `known`, and their
 * contents added. Rejects with `tooLarge` when there is too much to read.
 */
export async function scan({ paths, known, contents, signal }: Scan): Promise<Map<string, Entry>> {
  const nowMs = Date.now();
  const found = new Map<string, Entry>();
  const unread: { path: string; stats: Stats }[] = [];
  let bytes = 0;
  let sliceEnd = performance.now() + SLICE_MS;
  for (const path of paths) {
    if (performance.now() > sliceEnd) {
      await pause();
      throwIfAborted(signal);
      sliceEnd = performance.now() + SLICE_MS;
    }
    const stats = statOf(path);
    if (!stats?.isFile()) continue;
    const entry = known.get(path);
    if (entry && isUnchanged(entry, stats) && (entry.hash === undefined || contents.has(entry.hash))) {
      found.set(path, entry);
    } else {
      unread.push({ path, stats });
      if (stats.size <= MAXIMUM_SIZE) bytes += stats.size;
    }
  }
  if (bytes > MAXIMUM_READ) throw tooMuch();
  await eachOf(unread, READS_AT_ONCE, async ({ path, stats }) => {
    throwIfAborted(signal);
    const entry = await readEntry(path, { stats, nowMs, contents });
    if (entry) found.set(path, entry);
  });
  return found;
}

function isUnchanged(entry: Entry, { size, mtimeMs, ctimeMs, ino }: Stats): boolean {
  return (
    entry.settled &&
    entry.size === size &&
    entry.mtimeMs === mtimeMs &&
    entry.ctimeMs === ctimeMs &&
    entry.inode === ino
  );
}

interface Reading {
  readonly stats: Stats;
  readonly nowMs: number;
  readonly contents: Contents;
}

/** Undefined when the file is gone by now. */
async function readEntry(path: string, { stats, nowMs, contents }: Reading): Promise<Entry | undefined> {
  if (stats.size > MAXIMUM_SIZE) return entryOf(stats, { hash: undefined, settled: isSettled(stats, nowMs) });
  // Non-blocking and no link, in case a pipe or a link took the file's place since.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(path, flags).catch(() => undefined);
  // A file that may not be read is noted all the same, so that nobody takes it for deleted.
  if (!handle) return statOf(path) && entryOf(stats, { hash: undefined, settled: false });
  const read = await readWhole(handle).finally(() => handle.close());
  if (read === undefined) return entryOf(stats, { hash: undefined, settled: false });
  const hash = hashOf(read.bytes);
  await contents.add({ hash, bytes: read.bytes });
  return entryOf(read.stats, { hash, settled: read.isWhole && isSettled(read.stats, nowMs) });
}

interface ReadFile {
  readonly bytes: Uint8Array;
  readonly stats: Times;
  /** False when it changed in the meantime. */
  readonly isWhole: boolean;
}

/** Undefined for what cannot be read. */
async function readWhole(handle: FileHandle): Promise<ReadFile | undefined> {
  try {
    const before = await handle.stat();
    if (!before.isFile() || before.size > MAXIMUM_SIZE) return undefined;
    const buffer = Buffer.allocUnsafe(before.size + 1);
    let length = 0;
    for (let more = 1; more > 0 && length < buffer.length; length += more)
      more = (await handle.read(buffer, length, buffer.length - length, null)).bytesRead;
    const { size, mtimeMs, ctimeMs, ino, mode } = await handle.stat();
    const isWhole = length === before.size && size === length && mtimeMs === before.mtimeMs;
    return { bytes: buffer.subarray(0, length), stats: { size: length, mtimeMs, ctimeMs, ino, mode }, isWhole };
  } catch {
    return undefined;
  }
}

type Times = Pick<Stats, "size" | "mtimeMs" | "ctimeMs" | "ino" | "mode">;

function entryOf({ size, mtimeMs, ctimeMs, ino, mode }: Times, read: Pick<Entry, "hash" | "settled">): Entry {
  return { size, mtimeMs, ctimeMs, inode: ino, executable: (mode & EXECUTE_BITS) !== 0, ...read };
}

/** Undefined when nothing is there, or nothing that can be looked at. Handing the question to another thread would cost more than the answer. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Does the work for each, so many at once. The first failure rejects, when what had begun is over. */
async function eachOf<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < all.length && !failed) {
      try {
        await work(all[next++] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

function tooMuch(): AgentError {
  return new AgentError(
    "tooLarge",
    "The folder has more than 1 GiB of new files. Name in .gitignore what need not be kept, such as build output and data.",
  );
}
