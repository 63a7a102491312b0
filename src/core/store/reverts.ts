import type { JournalRecord } from "./records.ts";

/** What a journal's records say without the turns that were taken back, in their order. */
export function withoutReverted(records: readonly JournalRecord[]): JournalRecord[] {
  let kept: JournalRecord[] = [];
  const gone = new Set<string>();
  for (const record of records) {
    if (record.type === "revert") kept = recordsBefore(kept, record.beforeTurnId, gone);
    else if (!isOfTurns(record, gone)) kept.push(record);
  }
  return kept;
}

/** The records without this turn and all that began after it, the context included; adds their ids to `gone`. All of them when there is no such turn. */
export function recordsBefore(
  records: readonly JournalRecord[],
  turnId: string,
  gone = new Set<string>(),
): JournalRecord[] {
  const at = records.findIndex((record) => record.type === "turn" && record.turnId === turnId);
  if (at < 0) return [...records];
  for (const record of records.slice(at)) if (record.type === "turn") gone.add(record.turnId);
  return records.filter((record, index) => index < at || !(OF_CONTEXT.has(record.type) || isOfTurns(record, gone)));
}

/** What the model sees goes back with the turn that it was said in. */
const OF_CONTEXT = new Set<JournalRecord["type"]>(["head", "history", "world", "input", "usage"]);

function isOfTurns(record: JournalRecord, turnIds: ReadonlySet<string>): boolean {
  return "turnId" in record && record.turnId !== undefined && turnIds.has(record.turnId);
}
