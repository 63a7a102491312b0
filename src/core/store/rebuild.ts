import type { ThreadItem } from "../../protocol/items.ts";
import type { Thread, Turn } from "../../protocol/threads.ts";
import { previewOf, type ThreadView, viewOf } from "../../protocol/threadView.ts";
import type { WorldState } from "../prompt/worldState.ts";
import type { JournalledSettings, JournalRecord } from "./journal.ts";

/** A thread as its journal has it. */
export interface RebuiltThread {
  readonly view: ThreadView;
  readonly settings: JournalledSettings;
  readonly archived: boolean;
  /** Undefined when no request was made yet. */
  readonly head: { readonly head: string; readonly model: string } | undefined;
  /** The model's context, item by item. */
  readonly inputs: readonly unknown[];
  readonly world: WorldState | undefined;
  /** Turns whose message the process did not live to put into the context. */
  readonly unsentTurns: readonly Turn[];
}

/** Replays a journal; undefined when it lacks its first line or its settings, without which there is no thread. */
export function rebuildThread(
  records: readonly JournalRecord[],
  facts: { path: string; version: string },
): RebuiltThread | undefined {
  const first = records.find((record) => record.type === "thread");
  const settings = records.findLast((record) => record.type === "settings")?.settings;
  if (!first || !settings) return undefined;
  const turns = new Map<string, Turn>();
  const view = viewOf(threadOf(first, { settings, ...facts }));
  for (const record of records) replay(record, { turns, view });
  view.turns = [...turns.values()];
  const message = view.turns.flatMap((turn) => turn.items).find((item) => item.type === "userMessage");
  view.thread.preview = message ? previewOf(message) : "";
  return {
    view,
    settings,
    archived: records.findLast((record) => record.type === "archived")?.archived ?? false,
    head: records.findLast((record) => record.type === "head"),
    inputs: inputsOf(records),
    world: records.findLast((record) => record.type === "world")?.world,
    unsentTurns: unsentTurns(records, view.turns),
  };
}

/** The model's context: what was appended since the last cut, after what the cut left. */
export function inputsOf(records: readonly JournalRecord[]): unknown[] {
  let inputs: unknown[] = [];
  for (const record of records) {
    if (record.type === "history") inputs = [...record.items];
    else if (record.type === "input") inputs.push(record.item);
  }
  return inputs;
}

function unsentTurns(records: readonly JournalRecord[], turns: readonly Turn[]): Turn[] {
  const sent = new Set(records.map((record) => (record.type === "input" ? record.turnId : undefined)));
  return turns.filter((turn) => !sent.has(turn.id));
}

type FirstRecord = Extract<JournalRecord, { type: "thread" }>;

function threadOf(
  first: FirstRecord,
  { settings, path, version }: { settings: JournalledSettings; path: string; version: string },
): Thread {
  return {
    id: first.id,
    sessionId: first.id,
    projectId: null,
    preview: "",
    name: null,
    ephemeral: false,
    modelProvider: settings.modelProvider,
    model: settings.model,
    cwd: first.cwd,
    cliVersion: version,
    source: first.source as Thread["source"],
    status: { type: "idle" },
    createdAt: first.createdAt,
    updatedAt: first.createdAt,
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
      turns.set(record.turnId, {
        id: record.turnId,
        items: [],
        itemsView: "full",
        status: "inProgress",
        error: null,
        startedAt: record.startedAt,
        completedAt: null,
        durationMs: null,
      });
      break;
    case "item":
      putItem(turns.get(record.turnId), record.item);
      break;
    case "plan":
      Object.assign(turns.get(record.turnId) ?? {}, { plan: record.plan });
      break;
    case "diff":
      Object.assign(turns.get(record.turnId) ?? {}, { diff: record.diff });
      break;
    case "usage":
      view.usage = record.usage;
      break;
    case "turnEnd":
      Object.assign(turns.get(record.turnId) ?? {}, record.end);
      view.thread.updatedAt = record.end.completedAt ?? view.thread.updatedAt;
      break;
    default:
      break;
  }
}

/** Later records of an item replace earlier ones; an item that was emptied, since a broken answer had begun it, is not there. */
function putItem(turn: Turn | undefined, item: ThreadItem): void {
  if (!turn) return;
  const at = turn.items.findIndex((known) => known.id === item.id);
  const empty = (item.type === "agentMessage" && item.text === "") || (item.type === "reasoning" && isBlank(item));
  if (at < 0 && !empty) turn.items.push(item);
  else if (at >= 0) turn.items.splice(at, 1, ...(empty ? [] : [item]));
}

function isBlank({ summary, content }: Extract<ThreadItem, { type: "reasoning" }>): boolean {
  return [...summary, ...content].every((part) => part === "");
}

/** Calls in the context that have no output: what was under way when the process ended. */
export function danglingCalls(inputs: readonly unknown[]): { kind: "function" | "custom"; callId: string }[] {
  const open = new Map<string, "function" | "custom">();
  for (const input of inputs as { type?: string; call_id?: string }[]) {
    if (!input.call_id) continue;
    if (input.type === "function_call" || input.type === "custom_tool_call") {
      open.set(input.call_id, input.type === "custom_tool_call" ? "custom" : "function");
    } else {
      open.delete(input.call_id);
    }
  }
  return [...open].map(([callId, kind]) => ({ kind, callId }));
}
