import type { ThreadDeps } from "../threadDeps.ts";

/** The folders that snapshots are taken of for a thread that works in `cwd`: all that are open, when it is in one of them. */
export function snapshotRoots(cwd: string, { host, paths }: Pick<ThreadDeps, "host" | "paths">): readonly string[] {
  const open = host.editor.workspaceRoots(cwd);
  return open.some((root) => paths.isInside(root, cwd)) ? open : [cwd];
}

/** Those that were not deleted, unless all were. Never rejects. */
export async function presentRoots(
  roots: readonly string[],
  { host }: Pick<ThreadDeps, "host">,
): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const stats = await Promise.all(roots.map((root) => host.files.stat(root, signal).catch(() => undefined)));
  const present = roots.filter((_, at) => stats[at]?.kind === "folder");
  return present.length > 0 ? present : roots;
}
