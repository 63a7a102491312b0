import type { Effect } from "../tools/effect.ts";
import { classifyPaths, locatePaths, type PathClass, type PathPlace, type PathSurroundings } from "./classifyPath.ts";
import { never } from "./never.ts";
import type { PlainFolders } from "./permissions.ts";

/** Where the paths of an effect lead. */
export interface EffectPlaces {
  readonly written: readonly PathClass[];
  readonly read: readonly PathPlace[];
}

/** Absolute folders. */
export interface AllowedRoots {
  readonly workspaceRoots: readonly string[];
  /** Folders that may be read, too. */
  readonly readableRoots: readonly string[];
  readonly folders?: Pick<PlainFolders, "store" | "outputs"> | undefined;
}

type Disk = Omit<PathSurroundings, "roots">;

/** Looks where the effect's paths lead. Never rejects. */
export async function placesOf(effect: Effect, allowed: AllowedRoots, disk: Disk): Promise<EffectPlaces> {
  const { workspaceRoots, readableRoots } = allowed;
  if (effect.kind === "edit") {
    const isPrivate = await privateIn(allowed, disk);
    const written = await classifyPaths(effect.paths, { ...disk, roots: workspaceRoots });
    return { written: written.map((one) => (isPrivate(one) ? { ...asOutside(one), protected: true } : one)), read: [] };
  }
  if (effect.kind === "read") {
    const isPrivate = await privateIn(allowed, disk);
    const read = await locatePaths(effect.paths, { ...disk, roots: [...workspaceRoots, ...readableRoots] });
    return { written: [], read: read.map((one) => (isPrivate(one) ? asOutside(one) : one)) };
  }
  return { written: [], read: [] };
}

/** Whether a path leads to what is Patchwright's own, wherever the user has put that: rules, the key, other threads. Outputs are the model's, too. */
async function privateIn({ folders }: AllowedRoots, { files, paths }: Disk): Promise<(place: PathPlace) => boolean> {
  const { store, outputs } = folders ?? {};
  if (store === undefined) return () => false;
  const real = async (path: string) => [path, await files.realPath(path, never).catch(() => path)];
  const [stores, open] = await Promise.all([real(store), outputs === undefined ? [] : real(outputs)]);
  const isIn = (roots: readonly string[], path: string) => roots.some((root) => paths.isInside(root, path));
  return ({ path, realPath, entryPath }) =>
    [path, realPath, entryPath].some((end) => isIn(stores, end) && !isIn(open, end));
}

function asOutside<T extends PathPlace>(place: T): T {
  return { ...place, place: "outside" };
}
