import type { FileSystem } from "../../host/files.ts";
import type { ProgramImage } from "../../host/processes.ts";
import { never } from "./never.ts";
import type { Paths } from "./paths.ts";

export interface ProgramSurroundings {
  /** Absolute folders. */
  readonly folders: readonly string[];
  readonly files: Pick<FileSystem, "realPath">;
  readonly paths: Paths;
}

/** Programs, by what a command calls them. */
export type ProgramPlaces = Readonly<Record<string, Pick<ProgramImage, "path" | "realPath">>>;

/** Of these programs those that lie in one of the folders, or lead there, in sentences for the user. */
export async function programsWithin(
  programs: ProgramPlaces,
  { folders, files, paths }: ProgramSurroundings,
): Promise<readonly string[]> {
  const real = await Promise.all(folders.map((folder) => files.realPath(folder, never).catch(() => folder)));
  const isWithin = (path: string) => [...folders, ...real].some((folder) => paths.isInside(folder, path));
  return Object.entries(programs).flatMap(([name, { path, realPath }]) => {
    if (!isWithin(path) && !isWithin(realPath)) return [];
    const leads = realPath === path ? "" : `, which leads to ${realPath}`;
    return [`"${name}" is ${path}${leads}, where the agent may write.`];
  });
}
