import { constants } from "node:fs";
import { copyFile, link, lstat, open, rename } from "node:fs/promises";
import { changedMeanwhile, type Original, type Slot } from "./editPlan.ts";
import { systemCode } from "./errors.ts";

/** Gives the file a second name, which still has the old content once the first is replaced. */
export async function keepBackup(path: string, backup: string): Promise<void> {
  try {
    await link(path, backup);
  } catch (error) {
    if (!lacksHardLinks(error)) throw error;
    await copyFile(path, backup, constants.COPYFILE_EXCL);
  }
}

/** Moves a file to where nothing may be. Unlike a plain rename this never replaces a file that came into being meanwhile. */
export async function placeNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!lacksHardLinks(error)) throw error;
    const taken = await lstat(to).catch(() => undefined);
    if (taken !== undefined) throw Object.assign(new Error("It exists already."), { code: "EEXIST" });
    await rename(from, to);
  }
}

/** The file as it was looked at, and how messages name it. */
export interface WasThere extends Pick<Slot, "path">, Pick<Original, "stats"> {}

/** Writes over the file where it is, so that all its names, its owner and its mode stay. Rejects with `conflict` when it is another one by now. */
export async function writeInPlace(path: string, bytes: Uint8Array, was: WasThere): Promise<void> {
  const handle = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    const now = await handle.stat();
    if (now.ino !== was.stats.ino || now.dev !== was.stats.dev) throw changedMeanwhile(was.path);
    let written = 0;
    while (written < bytes.length) {
      written += (await handle.write(bytes, written, bytes.length - written, written)).bytesWritten;
    }
    await handle.truncate(bytes.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder survive a power cut, where the operating system can do that. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function lacksHardLinks(error: unknown): boolean {
  return ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"].includes(systemCode(error) ?? "");
}
