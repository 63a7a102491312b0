import type { ThreadItem } from "../../protocol/items.ts";
import type { QueuedSubmission } from "../../protocol/queue.ts";
import type { Thread, Turn } from "../../protocol/threads.ts";
import { isBlank, previewOf, type ThreadView, viewOf } from "../../protocol/threadView.ts";
import { nothingTold, type WorldState } from "../prompt/worldState.ts";
import { headOf, inputsOf, type LoggedInput } from "./inputs.ts";
import type { CheckpointFiles, JournalledSettings, JournalRecord } from "./records.ts";
import { type UnsentMessage, unsaidTexts, unsentMessages } from "./unsent.ts";

/** A thread as its journal has it. */
export interface RebuiltThread {
  readonly view: ThreadView;
  readonly settings: JournalledSettings;
  readonly archived: boolean;
  /** Undefined when no request was made yet. */
  readonly head: { readonly head: string; readonly model: string } | undefined;
  /** The model's context, item by item. */
  readonly inputs: readonly LoggedInput[];
  /** The server's newest count of it in tokens, and how many of the inputs came after that. */
  readonly measured: { readonly tokens: number; readonly inputsSince: number } | undefined;
  readonly world: WorldState;
  /** What the user said and the model was not told. */
  readonly unsent: readonly UnsentMessage[];
  /** What the user was shown of the newest answer, and the context does not hold. */
  readonly unsaid: readonly string[];
  /** What turns and restorings did to the files, oldest first, also those that were taken back. */
  readonly checkpoints: readonly CheckpointFiles[];
}

interface Facts {
  readonly id: string;
  /** The journal's place. */
  readonly path: string;
  readonly version: string;
}

/** Replays a journal; undefined when too little of it is left: not even the folder that the thread works in. */
export function rebuildThread(records: readonly JournalRecord[], facts: Facts): RebuiltThread | undefined {
  const world = worldOf(records);
  const head = headOf(records);
  const first = records.find((record) => record.type === "thread");
  const settings = records.findLast((record) => record.type === "settings")?.settings ?? lostSettings(head?.model);
  const cwd = settings.cwd ?? first?.cwd ?? world.environment.cwd;
  if (!cwd) return undefined;
  const { createdAt = 0, source = "unknown", threadSource } = first ?? {};
  const view = viewOf(emptyThread({ ...facts, cwd, createdAt, source, threadSource, settings }));
  if (first?.forkedFromId) view.thread.forkedFromId = first.forkedFromId;
  const turns = new Map<string, Turn>();
  for (const record of records) replay(record, { turns, view });
  view.turns = [...turns.values()];
  view.queue = waiting(records, view.turns);
  const message = view.turns.flatMap((turn) => turn.items).find((item) => item.type === "userMessage");
  view.thread.preview = message ? previewOf(message) : "";
  return {
    view,
    settings,
    archived: records.findLast((record) => record.type === "archived")?.archived ?? false,
    head,
    inputs: inputsOf(records),
    measured: measuredBy(records),
    world,
    unsent: unsentMessages(records, view.turns),
    unsaid: unsaidTexts(records),
    checkpoints: checkpointsOf(records),
  };
}

/** Later records of a checkpoint replace earlier ones, in their place. */
function checkpointsOf(records: readonly JournalRecord[]): CheckpointFiles[] {
  const found = new Map<string, CheckpointFiles>();
  for (const { type, ...files } of records.filter((record) => record.type === "checkpointFiles"))
    found.set(files.checkpoint.id, files);
  return [...found.values()];
}

function worldOf(records: readonly JournalRecord[]): WorldState {
  const layers = records.map((record) => (record.type === "world" ? record.world : {}));
  return Object.assign({ ...nothingTold }, ...layers);
}

/** Undefined when the context was replaced after the count. */
function measuredBy(records: readonly JournalRecord[]): RebuiltThread["measured"] {
  const at = records.findLastIndex(({ type }) => type === "usage" || type === "history");
  const counted = records[at];
  if (counted?.type !== "usage") return undefined;
  const inputsSince = records.slice(at).filter(({ type }) => type === "input").length;
  return { tokens: counted.usage.last.totalTokens, inputsSince };
}

/** The messages that still wait. None steers any more: the turn that it was to steer has ended with its process. */
function waiting(records: readonly JournalRecord[], turns: readonly Turn[]): QueuedSubmission[] {
  const used = new Set(turns.flatMap((turn) => turn.items).map(({ id }) => id));
  const kept = records.findLast((record) => record.type === "queue")?.waiting ?? [];
  return kept.filter(({ id }) => !used.has(id)).map(({ turnId: _turnId, ...submission }) => submission);
}

/** For a journal whose first lines are gone: what allows the least. */
function lostSettings(model = ""): JournalledSettings {
  return {
    model,
    modelProvider: "",
    effort: null,
    approvalPolicy: "on-request",
    editReview: "before",
    sandboxPolicy: { type: "readOnly", networkAccess: false },
  };
}

interface FirstFacts extends Facts {
  readonly cwd: string;
  readonly createdAt: number;
  readonly source: Thread["source"];
  readonly threadSource: Thread["threadSource"];
  readonly settings: JournalledSettings;
}

/** A thread as it begins, before its first turn. */
export function emptyThread(facts: FirstFacts): Thread {
  const { id, path, version, cwd, createdAt, source, threadSource, settings } = facts;
  return {
    id,
    sessionId: id,
    projectId: null,
    preview: "",
    name: null,
    ephemeral: false,
    modelProvider: settings.modelProvider,
    model: settings.model,
    cwd,
    cliVersion: version,
    source,
    ...(threadSource == null ? {} : { threadSource }),
    status: { type: "idle" },
    createdAt,
    updatedAt: createdAt,
    path,
    turns: [],
  };
}

function replay(record: JournalRecord, { turns, view }: { turns: Map<string, Turn>; view: ThreadView }): void {
  switch (record.type) {
    case "name":
      view.thread.name = record.name;
      break;
    case "turn":
      view.thread.updatedAt = record.startedAt;
      turnOf(turns, record.turnId).startedAt = record.startedAt;
      break;
    case "item":
      putItem(turnOf(turns, record.turnId), record.item);
      break;
    case "plan":
      turnOf(turns, record.turnId).plan = record.plan;
      break;
    case "diff":
      turnOf(turns, record.turnId).diff = record.diff;
      break;
    case "usage":
      view.usage = record.usage;
      break;
    case "turnEnd":
      Object.assign(turnOf(turns, record.turnId), record.end);
      view.thread.updatedAt = record.end.completedAt ?? view.thread.updatedAt;
      break;
    default:
      break;
  }
}

/** The turn as far as it was replayed, also when the line that began it is lost. */
function turnOf(turns: Map<string, Turn>, id: string): Turn {
  const known = turns.get(id);
  if (known) return known;
  const turn: Turn = {
    id,
    items: [],
    itemsView: "full",
    status: "inProgress",
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
  };
  turns.set(id, turn);
  return turn;
}

/** Later records of an item replace earlier ones; one that ended without content, since a broken answer had begun it, is not there. */
function putItem({ items }: Turn, item: ThreadItem): void {
  const at = items.findIndex((known) => known.id === item.id);
  if (at >= 0) items.splice(at, 1, ...(isBlank(item) ? [] : [item]));
  else if (!isBlank(item)) items.push(item);
}
