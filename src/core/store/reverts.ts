import type { JournalRecord } from "./records.ts";

/** What a journal's records say without the turns that were taken back, in their order. */
export function withoutReverted(records: readonly JournalRecord[]): JournalRecord[] {
  let kept: JournalRecord[] = [];
  const gone = new Set<string>();
  const standing = new Set<JournalRecord>(standingReverts(records));
  for (const record of records) {
    if (record.type === "revertUndone" || (record.type === "revert" && !standing.has(record))) continue;
    if (record.type === "revert") kept = recordsBefore(kept, record.beforeTurnId, gone);
    else if (!isOfTurns(record, gone)) kept.push(record);
  }
  return kept;
}

/** The reverts that were not taken back, in order. */
function standingReverts(records: readonly JournalRecord[]): JournalRecord[] {
  const standing: JournalRecord[] = [];
  for (const record of records) {
    if (record.type === "revert") standing.push(record);
    if (record.type === "revertUndone") standing.pop();
  }
  return standing;
}

/**
 * How many of the last reverts are to be taken back, so that this is the thread's last turn; undefined when that does not lead there, or when a turn
 * began since, which would then stand beside those that it took the place of. `records` are those of the whole journal.
 */
export function revertsToUndo(records: readonly JournalRecord[], lastTurnId: string | null): number | undefined {
  const standing = standingReverts(records);
  const trial = [...records];
  for (let count = 0; ; count++) {
    if (lastTurnOf(withoutReverted(trial)) === lastTurnId) return count;
    const last = standing.pop();
    const isFinal = last && !records.slice(records.indexOf(last)).some(({ type }) => type === "turn");
    if (!isFinal) return undefined;
    trial.push({ type: "revertUndone" });
  }
}

function lastTurnOf(records: readonly JournalRecord[]): string | null {
  const last = records.findLast((record) => record.type === "turn");
  return last?.type === "turn" ? last.turnId : null;
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
