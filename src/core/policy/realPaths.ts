import type { FileSystem } from "../../host/host.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { Effect } from "../tools/tool.ts";
import type { Permissions } from "./judge.ts";
import type { Paths } from "./paths.ts";

/** An edit is judged by where it lands, too: a link in the workspace may lead out of it, or to a protected file. All else stays as it is. */
export async function withRealPaths(
  effect: Effect,
  permissions: Permissions,
  files: FileSystem,
): Promise<[Effect, Permissions]> {
  if (effect.kind !== "edit") return [effect, permissions];
  const followed = (paths: readonly string[]) => Promise.all(paths.map((path) => realPathOf(path, files)));
  const withFollowed = async (paths: readonly string[]) => [...new Set([...paths, ...(await followed(paths))])];
  return [
    { ...effect, paths: await withFollowed(effect.paths) },
    { ...permissions, workspaceRoots: await withFollowed(permissions.workspaceRoots) },
  ];
}

interface Place {
  readonly files: FileSystem;
  readonly paths: Paths;
}

/**
 * Rejects with `permissionDenied` when a link leads the path out of the folders that it seems to be in, or, when it is in none of them, out of
 * its own: what is written there without asking would land elsewhere.
 */
export async function requireNoWayOut(path: string, roots: readonly string[], { files, paths }: Place): Promise<void> {
  const around = roots.filter((root) => paths.isInside(root, path));
  const folders = around.length > 0 ? roots : [paths.parent(path)];
  const real = await realPathOf(path, files);
  const realFolders = await Promise.all(folders.map((folder) => realPathOf(folder, files)));
  if (!realFolders.some((folder) => paths.isInside(folder, real))) throw leadsTo(path, real);
}

/** Rejects with `permissionDenied` when the path, which is in the folder, is a link there or leads through one. */
export async function requireNoLink(path: string, root: string, { files, paths }: Place): Promise<void> {
  const [real, realRoot] = [await realPathOf(path, files), await realPathOf(root, files)];
  if (paths.relative(realRoot, real) !== paths.relative(root, path)) throw leadsTo(path, real);
}

function leadsTo(path: string, real: string): AgentError {
  return new AgentError(
    "permissionDenied",
    `${path} leads to ${real} by a link, so it was left alone. Change that file by hand, or put a file of its own in the place of the link.`,
  );
}

/** What leads nowhere stands for itself: nothing is written through it. */
function realPathOf(path: string, files: FileSystem): Promise<string> {
  return files.realPath(path, new AbortController().signal).catch(() => path);
}
