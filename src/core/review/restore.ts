import type { FileEdit } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import { toAgentError } from "../../protocol/errors.ts";
import type { RestoredFile } from "../../protocol/review.ts";
import { landingsOf, type PathPlace } from "../policy/classifyPath.ts";
import type { CheckpointFiles } from "../store/records.ts";
import { refusalOf } from "./refusal.ts";
import { type FilePlan, type FileState, type FileStep, planFile } from "./restorePlan.ts";

/** What a restoring works on. */
export interface Restoring {
  readonly host: Host;
  /** What is to be taken back, oldest first. */
  readonly events: readonly CheckpointFiles[];
  /** A snapshot of the files as they are, for what was cut off and has none after it. */
  now(): Promise<string>;
  /** Rejects when the file may not be written: when it does not lie in the folders that snapshots are taken of, in one that is not trusted, or a link stands in its way. */
  requireInside(path: string): Promise<PathPlace>;
  readonly overwrite: ReadonlySet<string>;
}

/** What is to become of a file, and how it is written. */
export interface PlannedFile extends RestoredFile {
  /** Undefined when it is left alone. */
  readonly edit: FileEdit | undefined;
  /** Where the edit lands. */
  readonly place?: PathPlace | undefined;
}

interface Event {
  readonly before: string;
  /** Undefined when it was cut off. */
  readonly after: string | undefined;
  readonly changed: ReadonlySet<string>;
  readonly shared: ReadonlySet<string>;
}

/** What taking the events back means for each file, sorted by path. Writes nothing. */
export async function planRestoring(restoring: Restoring): Promise<PlannedFile[]> {
  const events = (await eventsOf(restoring)).reverse();
  const paths = new Set(events.flatMap(({ changed }) => [...changed]));
  const planned: PlannedFile[] = [];
  for (const path of [...paths].sort()) {
    const file = await planPath(path, events, restoring);
    if (file) planned.push(file);
  }
  return planned;
}

/** Oldest first, without those that changed nothing. */
async function eventsOf({ host, events, now }: Restoring): Promise<Event[]> {
  const found: Event[] = [];
  for (const [at, { before, after, paths, sharedPaths }] of events.entries()) {
    if (before === null || before === after) continue;
    const next = after ?? events.slice(at + 1).find((later) => later.before !== null)?.before ?? (await now());
    const changes = await host.snapshots.compare(before, next);
    const changed = changes.map(({ path }) => path).filter((path) => !paths || paths.includes(path));
    found.push({ before, after: after ?? undefined, changed: new Set(changed), shared: new Set(sharedPaths) });
  }
  return found;
}

/** Undefined when there is nothing to do. */
async function planPath(
  path: string,
  events: readonly Event[],
  restoring: Restoring,
): Promise<PlannedFile | undefined> {
  try {
    const place = await restoring.requireInside(path);
    const steps: FileStep[] = [];
    for (const event of events.filter(({ changed }) => changed.has(path)))
      steps.push(await stepOf(path, event, restoring));
    const now = await readNow(path, restoring);
    const file = describe(path, { now, plan: planFile(now, steps, { overwrite: restoring.overwrite.has(path) }) });
    return file && { ...file, place };
  } catch (error) {
    return { path, kind: "update", outcome: "failed", message: refusalOf(path, error), edit: undefined };
  }
}

async function stepOf(path: string, { before, after, shared }: Event, { host }: Restoring): Promise<FileStep> {
  const found = await host.snapshots.read(before, path);
  if (after === undefined || shared.has(path)) return { before: found, after: after ? "shared" : "unknown" };
  return { before: found, after: await host.snapshots.read(after, path) };
}

async function readNow(path: string, { host }: Restoring): Promise<FileState> {
  try {
    const { bytes } = await host.files.read(path, new AbortController().signal);
    return { bytes, executable: false };
  } catch (error) {
    if (toAgentError(error).code === "notFound") return undefined;
    throw error;
  }
}

function describe(path: string, { now, plan }: { now: FileState; plan: FilePlan }): PlannedFile | undefined {
  switch (plan.kind) {
    case "nothing":
      return undefined;
    case "conflict": {
      const message = conflictMessages[plan.reason];
      return { path, kind: "update", outcome: "conflict", message, edit: undefined };
    }
    case "write": {
      const edit = editOf(path, now, plan.state);
      return { path, kind: edit.kind, outcome: plan.merged ? "merged" : "restored", edit };
    }
  }
}

const conflictMessages = {
  changed: "The same lines were changed since, so this file stays as it is.",
  unknown: "The turn was cut off, so it is not known who changed this file since. It stays as it is.",
  shared: "You or another thread changed this file, too, while the turn ran. It stays as it is.",
} as const;

function editOf(path: string, now: FileState, wanted: FileState): FileEdit {
  if (!wanted) return { kind: "delete", path, before: now?.bytes ?? new Uint8Array() };
  if (!now) return { kind: "add", path, after: wanted.bytes, executable: wanted.executable };
  return { kind: "update", path, before: now.bytes, after: wanted.bytes };
}

/** What frees a path comes before what needs it. */
const ORDER = { delete: 0, update: 1, add: 2 } as const;

/**
 * Writes all that was planned at once. When a file refuses, such as one with unsaved changes, each is written by itself: those that refuse
 * are told with the reason, and the others are restored. Resolves with the files as they came out, in the order of the plan.
 */
export async function writePlanned(planned: readonly PlannedFile[], { files }: Host): Promise<RestoredFile[]> {
  const { signal } = new AbortController();
  const writes = planned.flatMap(({ edit }) => edit ?? []).sort((one, other) => ORDER[one.kind] - ORDER[other.kind]);
  const landings = landingsOf(planned.flatMap(({ place }) => place ?? []));
  const refused = new Map<string, string>();
  try {
    if (writes.length > 0) await files.apply(writes, signal, landings);
  } catch {
    for (const edit of writes) {
      await files.apply([edit], signal, landings).catch((error: unknown) => {
        refused.set(edit.path, refusalOf(edit.path, error));
      });
    }
  }
  return planned.map(({ edit: _, place: __, ...file }) => {
    const message = refused.get(file.path);
    return message === undefined ? file : { ...file, outcome: "failed", message };
  });
}
