import { realpathSync, type Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { throwIfAborted } from "../../protocol/errors.ts";
import { ioError, onPath, systemCode } from "./errors.ts";
import { isAbsent, requireAbsolute } from "./read.ts";

/** FileSystem.realPath on disk. */
export async function realPath(path: string, signal: AbortSignal): Promise<string> {
  throwIfAborted(signal);
  return onPath(path, async () => {
    try {
      return await locate(path, "target");
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || (await entryAt(path))?.isSymbolicLink()) throw error;
      return await locate(path, "entry");
    }
  });
}

/** Where the path leads; the path itself where nothing is, or it cannot be looked at. */
export function realOrSame(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** The real path of what the path leads to, or of the directory entry itself, whose parent folders may still be missing. */
export async function locate(path: string, part: "entry" | "target"): Promise<string> {
  requireAbsolute(path);
  if (part === "target") return await realpath(path);
  return join(await locateFolder(dirname(path)), basename(path));
}

async function locateFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (!isAbsent(error) || folder === dirname(folder) || (await entryAt(folder))?.isSymbolicLink()) throw error;
    return join(await locateFolder(dirname(folder)), basename(folder));
  }
}

/** The directory entry itself, not what it leads to. */
export async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError(error, path);
  }
}
