import type { FileSystem } from "../../host/files.ts";
import { hooksPathsIn } from "../../host/hooksPath.ts";
import type { Sandbox } from "../../host/sandbox.ts";
import { AgentError } from "../../protocol/errors.ts";
import { never } from "./never.ts";
import type { Paths } from "./paths.ts";
import { isProtected } from "./protectedPaths.ts";

export interface RepositorySurroundings {
  readonly host: {
    readonly files: Pick<FileSystem, "realPath" | "stat" | "read">;
    readonly sandbox: Pick<Sandbox, "isUnsettled" | "unguardedIn">;
  };
  readonly paths: Paths;
  readonly guard: RepositoryGuard;
}

/** Absolute folders, as far as repositories are concerned that commands in the sandbox make. */
export interface RepositoryGuard {
  /** In which they may make some. */
  readonly writable: readonly string[];
  /** Of these the ones in which nothing of it that starts programs stays once such a command has ended. */
  readonly guarded: readonly string[];
  /** Whether that holds below a guarded folder, too, or for the repository of the folder itself alone. */
  readonly reach: "below" | "itself";
}

/** Nobody looks for repositories among packages. */
const PASSED_OVER = "node_modules";

/**
 * Whether git, started in the folder, may come to a repository that is the work of a command in the sandbox: its hooks and its configuration start
 * programs. Where these are moved away, that is only when the command ends; and where there is no repository yet, one may be made at any moment, or
 * be put in the place of a submodule's, into which git looks, too. Never rejects.
 */
export async function hasUnsettledRepository(
  folder: string,
  { host, paths, guard }: RepositorySurroundings,
): Promise<boolean> {
  const real = (path: string) => host.files.realPath(path, never).catch(() => path);
  const [writable, guarded] = await Promise.all([
    Promise.all(guard.writable.map(real)),
    Promise.all(guard.guarded.map(real)),
  ]);
  const isBelow = (root: string, path: string) =>
    guard.reach === "below" &&
    paths.isInside(root, path) &&
    !paths.relative(root, path).split("/").includes(PASSED_OVER) &&
    host.sandbox.unguardedIn([root]).length === 0;
  const isGuarded = (path: string) => guarded.some((root) => root === path || isBelow(root, path));
  for (let at = await real(folder); ; at = paths.parent(at)) {
    const git = paths.join(at, ".git");
    const isWritable = writable.some((root) => paths.isInside(root, at));
    if ((isWritable && !isGuarded(at)) || host.sandbox.isUnsettled(git)) return true;
    const isThere = async (path: string) => (await host.files.stat(path, never).catch(() => undefined)) !== undefined;
    if (await isThere(git)) {
      if (await looksIntoUnsettled(git, { host, paths, guard: { ...guard, writable } })) return true;
      return isWritable && !guarded.includes(at) && startsMore(git, { files: host.files, paths });
    }
    // Git takes a folder with such a file for a repository itself.
    if (isWritable && (await isThere(paths.join(at, "HEAD")))) return true;
    if (paths.parent(at) === at) return false;
  }
}

/** Nothing is there: so it is unsettled while a command runs that may write in the folder. */
const NOWHERE = ".git-of-a-submodule";

/** Whether git comes from this repository to hooks that lie elsewhere, or to a submodule's repository, which may be such work. */
async function looksIntoUnsettled(git: string, { host, paths, guard }: RepositorySurroundings): Promise<boolean> {
  const disk = { files: host.files, paths };
  const at = paths.parent(git);
  const isOpen = (hooks: string) =>
    guard.reach === "itself" &&
    guard.writable.some((root) => paths.isInside(root, hooks) && !isProtected(`${paths.relative(root, hooks)}/x`));
  const hooks = await hooksOf(git, disk);
  if (hooks.some((one) => host.sandbox.isUnsettled(one) || isOpen(one))) return true;
  const around = guard.writable.some((root) => paths.isInside(root, at)) ? [at] : [];
  const beside = [...around, ...guard.writable.filter((root) => paths.isInside(at, root))];
  const isWritten = beside.some((folder) => host.sandbox.isUnsettled(paths.join(folder, NOWHERE)));
  return isWritten && mayHaveSubmodules(git, disk);
}

/** Folders of hooks that lie elsewhere than in the repository, as far as its own configuration says so. */
async function hooksOf(git: string, { files, paths }: Disk): Promise<readonly string[]> {
  const config = await files.read(paths.join(git, "config"), never).catch(() => undefined);
  const named = config ? hooksPathsIn(new TextDecoder().decode(config.bytes)) : [];
  return named.map((one) => paths.resolve(paths.parent(git), one));
}

/** By the index, as it is on disk: entries of submodules have a mode of their own. */
async function mayHaveSubmodules(git: string, { files, paths }: Disk): Promise<boolean> {
  const stat = await files.stat(git, never).catch(() => undefined);
  if (stat?.kind !== "folder") return true;
  try {
    return namesSubmodule((await files.read(paths.join(git, "index"), never)).bytes);
  } catch (error) {
    return !(error instanceof AgentError && error.code === "notFound");
  }
}

/** Finds the four bytes 00 00 E0 00 where a mode may stand: at every eighth byte, and in an index of the fourth version anywhere. */
function namesSubmodule(index: Uint8Array): boolean {
  const isAnywhere = index[7] === 4;
  for (let at = index.indexOf(0xe0); at !== -1; at = index.indexOf(0xe0, at + 1)) {
    const isMode = index[at - 2] === 0 && index[at - 1] === 0 && index[at + 1] === 0;
    if (isMode && (isAnywhere || at % 8 === 6)) return true;
  }
  return false;
}

/** A line of a configuration that says where is pushed to. */
const TARGET = /^\s*(?:(?:push)?url|(?:push)?remote)\s*=\s*"?(.*?)"?\s*$/gim;
/** The name of a remote, of a branch's own repository, or an address at a server. One letter before a colon is a disk of Windows. */
const NAME_OR_SERVER = /^([\w-]*|\.|(https?|ssh|git|git\+ssh|ssh\+git):\/\/.*|[^/\\:\s]{2,}:(?!:|\/\/).*)$/i;

/** The list of a rebase may name commands, which run when it goes on; and there is one more file for configuration. */
const MORE = ["rebase-merge", "rebase-apply", "config.worktree"];

interface Disk {
  readonly files: Pick<FileSystem, "read" | "stat">;
  readonly paths: Paths;
}

/**
 * Whether without hooks and programs of its own this repository starts some, or writes files elsewhere: it pushes to a folder, or lies in another one,
 * where the hooks run; it is in the middle of a rebase; or its files are not those around it.
 */
async function startsMore(git: string, { files, paths }: Disk): Promise<boolean> {
  for (const name of MORE) if (await files.stat(paths.join(git, name), never).catch(() => undefined)) return true;
  const config = await files.read(paths.join(git, "config"), never).catch(() => undefined);
  if (!config) return true;
  const text = new TextDecoder().decode(config.bytes);
  if (/worktree/i.test(text)) return true;
  const targets = [...text.matchAll(TARGET)];
  return targets.some(
    ([line, target = ""]) => !NAME_OR_SERVER.test(target) || (/url/i.test(line) && !/:/.test(target)),
  );
}
