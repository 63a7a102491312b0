import { randomUUID } from "node:crypto";
import { watch } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Storage, StorageWatch } from "../storage.ts";
import { onPath } from "./errors.ts";
import { makeFolder } from "./makeFolder.ts";
import { isAbsent } from "./read.ts";
import { type LockOptions, StorageLocks } from "./storageLock.ts";
import { isStorageName, storageNameParts } from "./storageName.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** The private store in a folder, which is made with the first file. Calls for one name take effect in the order they are made. */
export function createNodeStorage(root: string, options: LockOptions = {}): Storage {
  const locks = new StorageLocks(root, options);
  const queues = new Map<string, Promise<unknown>>();

  function inOrder<T>(name: string, work: (path: string) => Promise<T>): Promise<T> {
    const path = join(root, ...storageNameParts(name));
    const before = queues.get(path) ?? Promise.resolve();
    const result = before.then(() => onPath(path, () => work(path)));
    const settled = result.then(ignore, ignore).then(() => {
      if (queues.get(path) === settled) queues.delete(path);
    });
    queues.set(path, settled);
    return result;
  }

  const folderOf = (folder: string) => (folder === "" ? root : join(root, ...storageNameParts(folder)));
  return {
    root,
    append: async (name, text) => inOrder(name, (path) => appendText(path, text)),
    read: async (name) => inOrder(name, readText),
    write: async (name, text) => inOrder(name, (path) => replaceText(path, text)),
    list: async (folder) => listNames(folderOf(folder)),
    remove: async (name) => inOrder(name, (path) => rm(path, { force: true })),
    watch: async (folder, listener) => watchFolder(folderOf(folder), listener),
    lock: async (name) => locks.take(storageNameParts(name)),
    lockedElsewhere: async (folder) => locks.elsewhere(storageNameParts(folder)),
  };
}

async function appendText(path: string, text: string): Promise<void> {
  const handle = await openToAppend(path);
  try {
    // One write; what a nearly full disk did not take is tried once more and then fails.
    const bytes = Buffer.from(text, "utf8");
    let written = 0;
    while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
  } finally {
    await handle.close();
  }
}

/** The folder is there all but the first time, so it is only made when it is missed. */
async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, "a", FILE_MODE);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await makeFolder(dirname(path), FOLDER_MODE);
    return open(path, "a", FILE_MODE);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function replaceText(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), FOLDER_MODE);
  const temporary = join(dirname(path), `.${randomUUID()}`);
  try {
    const handle = await open(temporary, "wx", FILE_MODE);
    try {
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function listNames(path: string): Promise<readonly string[]> {
  return onPath(path, async () => {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && isStorageName(entry.name));
      return files.map((entry) => entry.name).sort();
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  });
}

/** The folder is made, since one that is not there cannot be watched. */
async function watchFolder(path: string, listener: () => void): Promise<StorageWatch> {
  try {
    await makeFolder(path, FOLDER_MODE);
    const watcher = watch(path, { persistent: false }, listener);
    const dispose = () => watcher.close();
    watcher.on("error", dispose);
    return { dispose };
  } catch {
    return { dispose: ignore };
  }
}

function ignore(): void {}
