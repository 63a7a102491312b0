import type { FileSystem } from "../../host/files.ts";
import type { Sandbox } from "../../host/sandbox.ts";
import type { Paths } from "./paths.ts";

export interface RepositorySurroundings {
  readonly host: {
    readonly files: Pick<FileSystem, "realPath" | "stat">;
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
 * programs. Where these are moved away, that is only when the command ends; and where there is no repository yet, one may be made at any moment.
 * Never rejects.
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
    const mayBeMade = writable.some((root) => paths.isInside(root, at)) && !isGuarded(at);
    if (mayBeMade || host.sandbox.isUnsettled(git)) return true;
    if (paths.parent(at) === at || (await host.files.stat(git, never).catch(() => undefined))) return false;
  }
}

const never = new AbortController().signal;
