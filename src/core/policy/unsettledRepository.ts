import type { Host } from "../../host/host.ts";
import type { Paths } from "./paths.ts";

export interface RepositorySurroundings {
  readonly host: { readonly files: Pick<Host["files"], "realPath" | "stat">; readonly sandbox: Host["sandbox"] };
  readonly paths: Paths;
}

/**
 * Whether git, started in the folder, may come to a repository that is the work of a command in the sandbox which still runs: its hooks and its
 * configuration start programs, and are moved away only when that command ends. Where there is none yet, it may be made at any moment. Never rejects.
 */
export async function hasUnsettledRepository(
  folder: string,
  { host, paths }: RepositorySurroundings,
): Promise<boolean> {
  const { files, sandbox } = host;
  let at = await files.realPath(folder, never).catch(() => folder);
  for (;;) {
    const git = paths.join(at, ".git");
    if (sandbox.isUnsettled(git)) return true;
    const above = paths.parent(at);
    if (above === at || (await files.stat(git, never).catch(() => undefined))) return false;
    at = above;
  }
}

const never = new AbortController().signal;
