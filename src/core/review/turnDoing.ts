import type { CheckpointFiles } from "../store/records.ts";
import type { ThreadDeps } from "../threadDeps.ts";

/** A turn that has ended, with the snapshots around it. */
export interface EndedTurn {
  readonly turnId: string;
  readonly ranCommand: boolean;
  readonly before: string;
  readonly after: string;
}

/** Which of the files that changed while a turn ran are its doing. Rejects as `Snapshots.compare` does. */
export async function turnDoing(
  { turnId, ranCommand, before, after }: EndedTurn,
  { host: { snapshots }, changes }: Pick<ThreadDeps, "host" | "changes">,
): Promise<Pick<CheckpointFiles, "paths" | "sharedPaths" | "changedFiles">> {
  const { turnEdits } = changes.commands;
  const read = (id: string, path: string) =>
    snapshots.read(id, path).then(
      (file) => file?.bytes,
      () => undefined,
    );
  const own: string[] = [];
  const shared: string[] = [];
  const all = await snapshots.compare(before, after);
  for (const { path } of all) {
    const contents = turnEdits.isKnown(turnId, path)
      ? { before: await read(before, path), after: await read(after, path) }
      : undefined;
    const share = turnEdits.share(path, { turnId, ranCommand, ...contents });
    if (share !== "others") own.push(path);
    if (share === "shared") shared.push(path);
  }
  const isAll = ranCommand && own.length === all.length;
  return {
    changedFiles: own.length,
    ...(isAll ? {} : { paths: own }),
    ...(shared.length > 0 ? { sharedPaths: shared } : {}),
  };
}
