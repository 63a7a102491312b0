import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readlink, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { changedMeanwhile } from "./editPlan.ts";
import { systemCode } from "./errors.ts";

/**
 * A folder that is held open, so that what is done in it is done in that very folder, whatever takes its place in the tree meanwhile. Where the
 * system has no such names (anywhere but on Linux), its path stands for it, and is looked at again before each step.
 */
export interface Anchor {
  readonly folder: string;
  /** The name for the operating system of an entry of the folder. */
  at(name: string): string;
  /** Rejects with `conflict` when the folder's path leads to another one by now, where only that can be known. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** On Linux: only to name the folder, which then need not be readable. */
const O_PATH = process.platform === "linux" ? 0o10000000 : 0;
const FLAGS = constants.O_RDONLY | O_PATH | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Holds a folder. `folder` is its real path, and `via` a name for it. Rejects with `conflict` when a link leads elsewhere by now. */
export async function holdFolder(folder: string, via = folder): Promise<Anchor> {
  const handle = await open(via, FLAGS).catch((error: unknown) => {
    // Windows opens no folders.
    if (systemCode(error) === "EISDIR" || systemCode(error) === "EPERM") return undefined;
    if (systemCode(error) === "ELOOP" || systemCode(error) === "ENOTDIR") throw changedMeanwhile(folder, error);
    throw error;
  });
  const own = handle && `/proc/self/fd/${handle.fd}`;
  const real = own && (await readlink(own).catch(() => undefined));
  if (own === undefined || real === undefined) return byPath(folder, handle);
  if (real !== folder) {
    await handle?.close();
    throw changedMeanwhile(folder);
  }
  return {
    folder,
    at: (name) => join(own, name),
    check: async () => {},
    close: async () => handle?.close(),
  };
}

async function byPath(folder: string, handle: FileHandle | undefined): Promise<Anchor> {
  const first = await stat(folder);
  return {
    folder,
    at: (name) => join(folder, name),
    async check() {
      const now = await stat(folder);
      if (now.ino !== first.ino || now.dev !== first.dev) throw changedMeanwhile(folder);
    },
    close: async () => handle?.close(),
  };
}

/** Makes a folder in another one and holds it. */
export async function makeFolder(parent: Anchor, folder: string): Promise<Anchor> {
  await parent.check();
  const via = parent.at(basename(folder));
  await mkdir(via);
  return holdFolder(join(parent.folder, basename(folder)), via);
}
