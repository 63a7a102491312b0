import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { FileStat } from "../host.ts";
import { ioError, onPath, systemCode } from "./errors.ts";

/** The largest file that is read, in bytes. */
const MAXIMUM_SIZE = 64 * 1024 * 1024;
const CHUNK_SIZE = 1024 * 1024;

export interface RegularFile {
  readonly bytes: Uint8Array;
  readonly stats: Stats;
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
      return { bytes: await readAll(handle, path, signal), stats };
    } finally {
      await handle.close();
    }
  });
}

/** What is at the path, following links; undefined when nothing is there. */
export async function statPath(path: string, signal: AbortSignal): Promise<FileStat | undefined> {
  throwIfAborted(signal);
  requireAbsolute(path);
  try {
    const stats = await stat(path);
    return { kind: kindOf(stats), size: stats.size };
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

/** The size of a file says nothing under /proc, and may grow meanwhile: the limit holds for what is really read. */
async function readAll(handle: FileHandle, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    throwIfAborted(signal);
    const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_SIZE), 0, CHUNK_SIZE, null);
    if (bytesRead === 0) return joined(chunks, size);
    size += bytesRead;
    if (size > MAXIMUM_SIZE) throw tooLarge(path);
    chunks.push(buffer.subarray(0, bytesRead));
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
