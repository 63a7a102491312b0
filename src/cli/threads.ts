import { ThreadIndex } from "../core/store/threadIndex.ts";
import type { Storage } from "../host/host.ts";

export interface ListedThread {
  readonly id: string;
  readonly name: string;
  readonly cwd: string;
  /** Unix seconds. */
  readonly updatedAt: number;
}

/** The threads that are not archived, the newest first; of one folder, or of all. */
export async function listThreads(
  storage: Storage,
  wanted: { version: string; cwd: string | undefined },
): Promise<ListedThread[]> {
  const entries = await new ThreadIndex(storage, wanted.version).list();
  return entries
    .filter(({ archived, thread }) => !archived && (wanted.cwd === undefined || thread.cwd === wanted.cwd))
    .map(({ id, thread }) => ({
      id,
      name: thread.name || thread.preview,
      cwd: thread.cwd,
      updatedAt: thread.updatedAt,
    }))
    .sort((one, other) => other.updatedAt - one.updatedAt);
}

/** One line a thread: its id, when it was last used (UTC), and its name. */
export function describeThreads(threads: readonly ListedThread[]): string {
  return threads
    .map(
      ({ id, name, updatedAt }) =>
        `${id}  ${new Date(updatedAt * 1000).toISOString().slice(0, 16).replace("T", " ")}  ${name}`,
    )
    .join("\n");
}
