import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { FileStat } from "../files.ts";
import { ioError, onPath, systemCode } from "./errors.ts";

/** The largest file that is read, in bytes. */
const MAXIMUM_SIZE = 64 * 1024 * 1024;
/** How much is read at a time: so much of what the size promises, and little of what may still come. */
const CHUNK_SIZE = 4 * 1024 * 1024;
const MORE_SIZE = 4096;

export interface RegularFile {
  readonly bytes: Uint8Array;
  readonly stats: Stats;
  /** Where the file lay, all links followed; undefined when another one has taken its place. */
  readonly realPath: string | undefined;
}

/** The whole file, following links. Rejects as FileSystem.read does. */
export function readRegularFile(path: string, signal: AbortSignal): Promise<RegularFile> {
  return onPath(path, async () => {
    throwIfAborted(signal);
    requireAbsolute(path);
    requireRegular(await stat(path), path);
    // Non-blocking, in case a pipe took the file's place since.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      requireRegular(stats, path);
      const realPath = await placeOf(path, handle);
      return { bytes: await readAll(handle, { path, size: stats.size, signal }), stats, realPath };
    } finally {
      await handle.close();
    }
  });
}

/** Linux knows it of an open file. Elsewhere it is where the path leads, if the same file is there. */
async function placeOf(path: string, handle: FileHandle): Promise<string | undefined> {
  try {
    return await readlink(`/proc/self/fd/${handle.fd}`);
  } catch {
    const found = await realpath(path).catch(() => undefined);
    const [there, opened] = await Promise.all([found && lstat(found).catch(() => undefined), handle.stat()]);
    return there && there.ino === opened.ino ? found : undefined;
  }
}

/** What is at the path, following links; undefined when nothing is there. */
export async function statPath(path: string, signal: AbortSignal): Promise<FileStat | undefined> {
  throwIfAborted(signal);
  requireAbsolute(path);
  try {
    const stats = await stat(path);
    const executable = stats.isFile() && (stats.mode & constants.S_IXUSR) !== 0;
    const hardLinked = stats.isFile() && stats.nlink > 1;
    return {
      kind: kindOf(stats),
      size: stats.size,
      ...(executable ? { executable } : {}),
      ...(hardLinked ? { hardLinked } : {}),
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError(error, path);
  }
}

/** Whether the error says that nothing is at the path. */
export function isAbsent(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

/** A relative path here would silently mean one below this process's own folder. */
export function requireAbsolute(path: string): void {
  if (!isAbsolute(path)) throw new AgentError("internal", `The path ${JSON.stringify(path)} must be absolute.`);
}

function kindOf(stats: Stats): FileStat["kind"] {
  if (stats.isFile()) return "file";
  return stats.isDirectory() ? "folder" : "other";
}

function requireRegular(stats: Stats, path: string): void {
  if (stats.isDirectory()) throw new AgentError("unsupported", `${path} is a folder, not a file.`);
  if (!stats.isFile()) throw new AgentError("unsupported", `${path} is not a regular file.`);
  if (stats.size > MAXIMUM_SIZE) throw tooLarge(path);
}

interface Reading {
  readonly path: string;
  /** What the file's size was, in bytes. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/** The size of a file says nothing under /proc, and may grow meanwhile: reading goes on until nothing more comes. */
async function readAll(handle: FileHandle, { path, size, signal }: Reading): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    throwIfAborted(signal);
    const promised = size + 1 - total;
    const chunk = new Uint8Array(Math.min(Math.max(promised, MORE_SIZE), CHUNK_SIZE));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return joined(chunks, total);
    total += bytesRead;
    if (total > MAXIMUM_SIZE) throw tooLarge(path);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(path: string): AgentError {
  return new AgentError("tooLarge", `${path} is larger than 64 MiB. Look at a part of it with a command instead.`);
}
