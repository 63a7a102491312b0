import { AgentError } from "../../protocol/errors.ts";
import type { JournalRecord } from "./records.ts";
import { recordsBefore } from "./reverts.ts";

/** How much of a thread its copy has: all of it, or what there was before, or up to the end of, one of its turns. */
export interface ForkPoint {
  readonly beforeTurnId?: string | null | undefined;
  readonly lastTurnId?: string | null | undefined;
}

interface Copy {
  readonly id: string;
  /** Unix seconds. */
  readonly now: number;
  readonly until: ForkPoint;
}

/** The journal of a copy of a thread, under its own id. Rejects a turn that is not there with `notFound`. */
export function forkedRecords(records: readonly JournalRecord[], { id, now, until }: Copy): JournalRecord[] {
  const original = records.find((record) => record.type === "thread");
  if (!original) throw new AgentError("notFound", "That thread has no messages yet, so there is nothing to copy.");
  const kept = recordsUntil(records, until).filter(({ type }) => !OWN.has(type));
  return [
    { ...original, id, createdAt: now, forkedFromId: original.id },
    ...kept.map((record) => copied(record, original.id, id)),
  ];
}

/** What was sent by the original was sent under its own key. */
function copied(record: JournalRecord, from: string, to: string): JournalRecord {
  if (record.type === "head") return { ...record, head: withCacheKey(record.head, to) };
  return record.type === "request" ? { cacheKey: from, ...record } : record;
}

/** What belongs to the one thread alone. */
const OWN = new Set<JournalRecord["type"]>(["thread", "name", "archived", "queue"]);

function recordsUntil(records: readonly JournalRecord[], { beforeTurnId, lastTurnId }: ForkPoint): JournalRecord[] {
  const turns = records.flatMap((record) => (record.type === "turn" ? [record.turnId] : []));
  const named = beforeTurnId ?? lastTurnId;
  if (named == null) return [...records];
  const at = turns.indexOf(named);
  if (at < 0) throw new AgentError("notFound", "That turn is not part of the thread any more.");
  const next = turns[beforeTurnId == null ? at + 1 : at];
  return next === undefined ? [...records] : recordsBefore(withoutLaterFiles(records, next), next);
}

/** What became of the files in this turn and later is none of a copy that ends before it; how an earlier turn left them may be noted later. */
function withoutLaterFiles(records: readonly JournalRecord[], turnId: string): JournalRecord[] {
  const at = records.findIndex((record) => record.type === "turn" && record.turnId === turnId);
  const earlier = new Set<string>();
  return records.filter((record, index) => {
    if (record.type !== "checkpointFiles") return true;
    if (index < at) earlier.add(record.checkpoint.id);
    return earlier.has(record.checkpoint.id);
  });
}

/** The copy has a cache of its own: two threads that go different ways under one key would take it from each other. */
export function withCacheKey(head: string, key: string): string {
  const body = JSON.parse(`${head}]}`) as Record<string, unknown>;
  return JSON.stringify({ ...body, prompt_cache_key: key }).slice(0, -"]}".length);
}
