import { lstat, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import { ioError } from "./errors.ts";
import { isAbsent, requireAbsolute } from "./read.ts";

/** Where a walk starts. */
export interface SearchStart {
  readonly root: string;
  readonly kind: "file" | "folder";
  /** The git repository that root lies in: the rules of its folders above root count. Outside one, only rules at root or below do. */
  readonly repository: string | undefined;
}

/** Rejects with `notFound` when nothing that can be searched is at root. */
export async function searchStart(root: string, signal: AbortSignal): Promise<SearchStart> {
  throwIfAborted(signal);
  requireAbsolute(root);
  const kind = await kindOf(root);
  return { root, kind, repository: await repositoryOf(kind === "folder" ? root : dirname(root)) };
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
