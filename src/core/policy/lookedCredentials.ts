import type { FileSystem } from "../../host/files.ts";
import type { Looked } from "./commands/looking.ts";
import { isCredential } from "./credentials.ts";
import { type AllowedRoots, placesOf } from "./effectPlaces.ts";
import { never } from "./never.ts";
import type { Paths } from "./paths.ts";

interface Disk {
  readonly files: FileSystem;
  readonly paths: Paths;
}

/** In a folder with more files it is not looked whether one of them holds credentials: it may. */
const MAX_SEARCHED_FILES = 50_000;
/** Rules of ripgrep's own, which may bring back what others hide. */
const OWN_RULES = /(^|[\\/])\.rgignore$/;
/** Rules that ripgrep obeys in a repository alone, and a listing everywhere. */
const REPOSITORY_RULES = /(^|[\\/])\.gitignore$/;

/**
 * Whether what a command line looks at lies below the folders that may be read, wherever links lead, and has no credentials: none that is named,
 * none in a folder of which everything is read, as far as that can be told without reading it all, and none that a search comes to. Never rejects.
 */
export async function isHarmlessLook(looked: Looked, allowed: AllowedRoots, disk: Disk): Promise<boolean> {
  const { read } = await placesOf({ kind: "read", paths: looked.paths }, allowed, disk);
  const isNamedSafely = read.every(
    ({ place, path, realPath }) => place === "inside" && !isCredential(path) && !isCredential(realPath),
  );
  if (!isNamedSafely) return false;
  const isWholeFolder = await Promise.all(looked.whole.map((path) => isFolder(path, disk)));
  if (isWholeFolder.includes(true)) return false;
  const found = await Promise.all(looked.searched.map((path) => mayFindCredentials(path, disk)));
  return !found.includes(true);
}

async function isFolder(path: string, { files }: Disk): Promise<boolean> {
  const stat = await files.stat(path, never).catch(() => ({ kind: "folder" }));
  return stat?.kind === "folder";
}

async function mayFindCredentials(path: string, disk: Disk): Promise<boolean> {
  if (!(await isFolder(path, disk))) return false;
  const listed = await disk.files.list(path, { limit: MAX_SEARCHED_FILES }, never).catch(() => undefined);
  if (!listed || listed.more || listed.paths.some((file) => isCredential(file) || OWN_RULES.test(file))) return true;
  return listed.paths.some((file) => REPOSITORY_RULES.test(file)) && !(await isInRepository(path, disk));
}

async function isInRepository(path: string, { files, paths }: Disk): Promise<boolean> {
  for (let at = path; ; at = paths.parent(at)) {
    if (await files.stat(paths.join(at, ".git"), never).catch(() => undefined)) return true;
    if (paths.parent(at) === at) return false;
  }
}
