import type { FileSystem, Landings } from "../../host/files.ts";
import { hooksPathsIn } from "../../host/hooksPath.ts";
import { never } from "./never.ts";
import type { Paths } from "./paths.ts";
import { isProtected, isProtectedIn, protectedNames } from "./protectedPaths.ts";

/** Where a path leads. */
export interface PathPlace {
  /** As it was given. */
  readonly path: string;
  readonly place: "inside" | "outside";
  /** False when it cannot be known where the path leads: it counts as outside and protected, and as leading to itself. */
  readonly known: boolean;
  /** Where the path leads, all links followed. */
  readonly realPath: string;
  /** The directory entry itself, links of the folders above it followed: what is deleted, moved or made. */
  readonly entryPath: string;
  /** Whether a link takes part: one below the roots, where the path is in one of them, or else any. */
  readonly throughLink: boolean;
}

/** The same, and what writing there would mean. */
export interface PathClass extends PathPlace {
  /** Whether a file there makes programs run or tells an agent what to do, by any of its names. Never written without asking. */
  readonly protected: boolean;
  /** Its content has other names, which may be anywhere. */
  readonly hardLinked: boolean;
}

/** What `FileSystem.apply` is to hold to. */
export function landingsOf(places: readonly PathPlace[]): Landings {
  return new Map(places.map(({ path, realPath, entryPath }) => [path, { realPath, entryPath }]));
}

/** What a path is judged against. */
export interface PathSurroundings {
  /** Absolute folders, such as those of the workspace. */
  readonly roots: readonly string[];
  readonly files: Pick<FileSystem, "realPath" | "stat" | "read">;
  readonly paths: Paths;
}

/** Whether an edit there may be made without asking: it stays in the workspace, and nothing obeys what is written. */
export function isFree(one: PathClass): boolean {
  return one.place === "inside" && !one.protected && !one.hardLinked;
}

/** The one judge of a write; see `classifyPaths`. */
export async function classifyPath(path: string, surroundings: PathSurroundings): Promise<PathClass> {
  const [only] = await classifyPaths([path], surroundings);
  return only as PathClass;
}

/**
 * Judges what writing to paths means, by what is on the disk now, in their order. Spellings that any file system takes for a protected name count
 * as that name, on every platform. Never rejects, whatever the strings: what cannot be known is outside and protected.
 */
export async function classifyPaths(
  given: readonly string[],
  { roots, ...disk }: PathSurroundings,
): Promise<readonly PathClass[]> {
  const real = await realRootsOf(roots, disk);
  const obeyed = await Promise.all(real.map((root) => obeyedIn(root, disk)));
  const places = await Promise.all(given.map((path) => locate(path, real, disk)));
  return Promise.all(places.map((place) => classify(place, obeyed, disk)));
}

/** Judges where paths lead, for reading. Never rejects. */
export async function locatePaths(
  given: readonly string[],
  { roots, ...disk }: PathSurroundings,
): Promise<readonly PathPlace[]> {
  const real = await realRootsOf(roots, disk);
  return Promise.all(given.map((path) => locate(path, real, disk)));
}

type Disk = Omit<PathSurroundings, "roots">;

interface RealRoot {
  readonly given: string;
  readonly path: string;
}

interface ObeyedRoot extends RealRoot {
  /** What links of a protected name in it lead to, and the folder of hooks that lies elsewhere than usual. */
  readonly aliases: readonly string[];
  /** Whether one of these leads to what is not there yet: any new file may be it. */
  readonly dangling: boolean;
}

async function realRootsOf(roots: readonly string[], { files }: Disk): Promise<readonly RealRoot[]> {
  const found = await Promise.all(roots.map((given) => realPathOf(given, files)));
  return found.flatMap((path, at) => (path === undefined ? [] : [{ given: roots[at] as string, path }]));
}

async function obeyedIn(root: RealRoot, { files, paths }: Disk): Promise<ObeyedRoot> {
  const names = protectedNames.map((name) => paths.join(root.path, name));
  const led = await Promise.all(names.map((path) => realPathOf(path, files)));
  const aliases = led.flatMap((real, at) => (real === undefined || real === names[at] ? [] : [real]));
  return {
    ...root,
    aliases: [...aliases, ...(await hooksIn(root, { files, paths }))],
    dangling: led.includes(undefined),
  };
}

/** Where the hooks of the root's repository lie, if its configuration says so. All of the root would be too much. */
async function hooksIn({ path }: RealRoot, { files, paths }: Disk): Promise<readonly string[]> {
  const config = await files.read(paths.join(path, ".git/config"), never).catch(() => undefined);
  const named = config ? hooksPathsIn(new TextDecoder().decode(config.bytes)) : [];
  const real = await Promise.all(named.map((one) => realPathOf(paths.resolve(path, one), files)));
  return real.filter((one) => one !== undefined && !paths.isInside(one, path)) as string[];
}

async function locate(path: string, roots: readonly RealRoot[], { files, paths }: Disk): Promise<PathPlace> {
  const [realPath, folder] = await Promise.all([realPathOf(path, files), realPathOf(paths.parent(path), files)]);
  if (realPath === undefined || folder === undefined || !paths.isPlain(path))
    return { path, place: "outside", known: false, realPath: path, entryPath: path, throughLink: true };
  const entryPath = paths.join(folder, paths.name(path));
  const isInside = [realPath, entryPath].every((place) => roots.some((root) => isBelow(root.path, place, paths)));
  const around = roots.filter(({ given }) => paths.isInside(given, path));
  const isDirect = (root: RealRoot) => paths.relative(root.path, realPath) === paths.relative(root.given, path);
  return {
    path,
    place: isInside ? "inside" : "outside",
    known: true,
    realPath,
    entryPath,
    throughLink: around.length > 0 ? !around.some(isDirect) : realPath !== path,
  };
}

async function classify(place: PathPlace, roots: readonly ObeyedRoot[], disk: Disk): Promise<PathClass> {
  const { files, paths } = disk;
  const { path, realPath, entryPath } = place;
  const ends = [...new Set([realPath, entryPath])];
  const stat = await files.stat(realPath, never).catch(() => undefined);
  const isObeyed =
    !place.known ||
    isNamedProtected(path, roots, paths) ||
    ends.some((end) => isProtectedPlace(end, roots, paths)) ||
    (stat === undefined && roots.some(({ dangling }) => dangling)) ||
    (await isInSomeGitFolder(ends, roots, disk));
  return { ...place, protected: isObeyed, hardLinked: stat?.hardLinked === true };
}

function isNamedProtected(path: string, roots: readonly RealRoot[], paths: Paths): boolean {
  const around = roots.filter(({ given }) => paths.isInside(given, path));
  return around.some(({ given }) => isProtectedIn(given, paths.relative(given, path)));
}

function isProtectedPlace(place: string, roots: readonly ObeyedRoot[], paths: Paths): boolean {
  const around = roots.filter((root) => paths.isInside(root.path, place));
  if (around.length === 0) return isProtected(place.split(/[\\/]+/).join("/"));
  return around.some(
    ({ path, aliases }) =>
      isProtectedIn(path, paths.relative(path, place)) || aliases.some((alias) => paths.isInside(alias, place)),
  );
}

/**
 * Whether the place is in a git folder of any name, such as a bare repository or one that a ".git" file points to, or would make a folder one:
 * git takes a folder with HEAD, objects and refs for a repository, and runs what its config names.
 */
async function isInSomeGitFolder(
  places: readonly string[],
  roots: readonly RealRoot[],
  { files, paths }: Disk,
): Promise<boolean> {
  if (places.some((place) => paths.name(place).toLowerCase() === "head")) return true;
  const has = async (folder: string, name: string, kind: "file" | "folder") =>
    (await files.stat(paths.join(folder, name), never).catch(() => undefined))?.kind === kind;
  const isGitFolder = async (folder: string) =>
    (await has(folder, "HEAD", "file")) && (await has(folder, "objects", "folder")) && has(folder, "refs", "folder");
  const folders = places.flatMap((place) => roots.flatMap((root) => foldersBetween(root.path, place, paths)));
  const found = await Promise.all([...new Set(folders)].map(isGitFolder));
  return found.includes(true);
}

/** The folders above the place, the root among them; none when it is not below the root. */
function foldersBetween(root: string, place: string, paths: Paths): string[] {
  const folders: string[] = [];
  for (let at = place; isBelow(root, at, paths) && at !== root; ) {
    at = paths.parent(at);
    folders.push(at);
  }
  return folders;
}

/** Real paths have their true spelling, so letters count here, but for that of a drive. */
function isBelow(folder: string, path: string, paths: Paths): boolean {
  if (!paths.isInside(folder, path)) return false;
  const rest = path.slice(0, folder.length);
  return rest === folder || rest.slice(2) === folder.slice(2);
}

function realPathOf(path: string, files: PathSurroundings["files"]): Promise<string | undefined> {
  return files.realPath(path, never).catch(() => undefined);
}
