import type { Effect } from "../tools/tool.ts";
import { classifyPaths, locatePaths, type PathClass, type PathPlace, type PathSurroundings } from "./classifyPath.ts";

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
}

/** Looks where the effect's paths lead. Never rejects. */
export async function placesOf(
  effect: Effect,
  { workspaceRoots, readableRoots }: AllowedRoots,
  disk: Omit<PathSurroundings, "roots">,
): Promise<EffectPlaces> {
  if (effect.kind === "edit") {
    return { written: await classifyPaths(effect.paths, { ...disk, roots: workspaceRoots }), read: [] };
  }
  if (effect.kind === "read") {
    return {
      written: [],
      read: await locatePaths(effect.paths, { ...disk, roots: [...workspaceRoots, ...readableRoots] }),
    };
  }
  return { written: [], read: [] };
}
