import type { Host } from "../../host/host.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { RequestParams, RequestResult } from "../../protocol/methods.ts";
import type { Paths } from "../policy/paths.ts";
import { requireNoLink, requireTrusted } from "../policy/requirePlace.ts";
import type { TrustSettings } from "../settings.ts";
import type { CheckpointFiles } from "../store/records.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type PlannedFile, planRestoring, writePlanned } from "./restore.ts";

export type RestoreParams = RequestParams<"checkpoint/restore">;
export type Restored = RequestResult<"checkpoint/restore">;

/** The thread that something is restored in. No turn of it runs meanwhile. */
export interface RestoredThread {
  readonly checkpoints: Checkpoints;
  readonly host: Host;
  readonly turns: readonly { readonly id: string }[];
  readonly paths: Paths;
  settings(): TrustSettings;
  newId(): string;
  /** Unix seconds. */
  now(): number;
  /** Told when clients are about to be told of turns: the answer is decided by then. */
  onDecided(): void;
  /** What makes this the thread's last turn (null: none); undefined when it is. Rejects with `conflict` when that cannot be. */
  returnTo(lastTurnId: string | null): Promise<(() => Promise<void>) | undefined>;
}

/** Takes files, thread or both back to a checkpoint. Rejects with `notFound`, with `conflict`, and as `Snapshots.take` does; nothing is changed then. */
export async function restoreThread(thread: RestoredThread, params: RestoreParams): Promise<Restored> {
  const { checkpoints, turns } = thread;
  await checkpoints.settled();
  const events = checkpoints.since(params.checkpointId);
  const turnAt = turns.findIndex(({ id }) => id === params.checkpointId);
  if (!events && turnAt < 0) throw new AgentError("notFound", "That checkpoint is not there any more.");
  const returning = params.thread ? await planReturn(thread, { events, turnAt }) : undefined;
  const planned = params.files ? await planFiles(thread, { params, events }) : [];
  const plannedOnly = () => planned.map(({ edit: _, place: __, ...file }) => file);
  const changes = returning !== undefined || planned.some(({ edit }) => edit);
  if (params.dryRun || !changes) return { checkpointId: null, files: plannedOnly() };
  const { checkpointId: restoredId } = params;
  return perform(thread, { planned, returning, restoredId, turnId: events?.[0].checkpoint.turnId ?? restoredId });
}

interface Target {
  readonly events: readonly [CheckpointFiles, ...CheckpointFiles[]] | undefined;
  /** Less than zero when no turn of the thread has that id. */
  readonly turnAt: number;
}

/** How the thread gets to where it was; undefined when it is there. */
async function planReturn(
  thread: RestoredThread,
  { events, turnAt }: Target,
): Promise<(() => Promise<void>) | undefined> {
  const checkpoint = events?.[0].checkpoint;
  if (checkpoint?.kind === "restore") return thread.returnTo(checkpoint.lastTurnId ?? null);
  if (turnAt < 0) throw new AgentError("notFound", "That turn is not part of the thread any more.");
  return thread.returnTo(thread.turns[turnAt - 1]?.id ?? null);
}

interface FilesTarget {
  readonly params: RestoreParams;
  readonly events: Target["events"];
}

async function planFiles(thread: RestoredThread, { params, events }: FilesTarget) {
  const { checkpoints, host, paths } = thread;
  if (!events || events[0].before === null || !(await checkpoints.hasFiles(params.checkpointId)))
    throw new AgentError("notFound", "The files of that checkpoint are not kept. The thread alone can be restored.");
  const roots = checkpoints.roots();
  return planRestoring({
    host,
    events,
    now: async () => checkpoints.take(await checkpoints.presentRoots(), new AbortController().signal),
    async requireInside(path) {
      const root = roots.find((one) => paths.isInside(one, path));
      if (root === undefined)
        throw new AgentError("invalid", `${path} is not in the folder that is open now, so it was left alone.`);
      const place = await requireNoLink(path, root, { files: host.files, paths });
      return requireTrusted(place, thread.settings(), paths);
    },
    overwrite: new Set(params.overwrite),
  });
}

interface Plan {
  readonly planned: readonly PlannedFile[];
  readonly returning: (() => Promise<void>) | undefined;
  readonly restoredId: string;
  readonly turnId: string;
}

/** The files are noted before and after, so that this can be taken back like a turn. */
async function perform(thread: RestoredThread, { planned, returning, restoredId, turnId }: Plan): Promise<Restored> {
  const { checkpoints, host } = thread;
  const { signal } = new AbortController();
  const id = thread.newId();
  const lastTurnId = thread.turns.at(-1)?.id ?? null;
  const checkpoint = { id, kind: "restore", turnId, restoredId, createdAt: thread.now(), lastTurnId } as const;
  const roots = await checkpoints.presentRoots();
  const before = await checkpoints.take(roots, signal);
  const paths = planned.flatMap(({ edit }) => edit?.path ?? []);
  await checkpoints.note({ checkpoint, before, after: null, paths, changedFiles: null });
  const files = await writePlanned(planned, host);
  const after = paths.length === 0 ? before : await checkpoints.take(roots, signal);
  const changedFiles = files.filter(({ outcome }) => outcome === "restored" || outcome === "merged").length;
  await checkpoints.note({ checkpoint, before, after, paths, changedFiles });
  thread.onDecided();
  await returning?.();
  return { checkpointId: id, files };
}
