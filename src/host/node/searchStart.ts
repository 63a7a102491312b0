import { lstat, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import { ioError } from "./errors.ts";
import { rulesAbove } from "./folderRules.ts";
import type { IgnoreRules } from "./ignoreRules.ts";
import { isAbsent, requireAbsolute } from "./read.ts";

/** Where a walk starts. */
export interface SearchStart {
  readonly root: string;
  readonly kind: "file" | "folder";
  /** The rules of folders above root; undefined when none of them count: outside a repository, and in a root that they hide. */
  readonly above: readonly IgnoreRules[] | undefined;
}

/** Rejects with `notFound` when nothing that can be searched is at root. */
export async function searchStart(path: string, signal: AbortSignal): Promise<SearchStart> {
  throwIfAborted(signal);
  requireAbsolute(path);
  const root = resolve(path);
  const kind = await kindOf(root);
  const folder = kind === "folder" ? root : dirname(root);
  const repository = await repositoryOf(folder);
  return { root, kind, above: repository === undefined ? undefined : await rulesAbove(folder, repository) };
}

async function kindOf(root: string): Promise<SearchStart["kind"]> {
  try {
    const stats = await stat(root);
    if (stats.isDirectory()) return "folder";
    if (stats.isFile()) return "file";
  } catch (error) {
    if (!isAbsent(error)) throw ioError(error, root);
  }
  throw new AgentError("notFound", `There is no file or folder at ${root}.`);
}

async function repositoryOf(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    if (await exists(join(current, ".git"))) return current;
    if (current === dirname(current)) return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
