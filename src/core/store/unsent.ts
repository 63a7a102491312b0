import type { UserInput } from "../../protocol/items.ts";
import type { Turn } from "../../protocol/threads.ts";
import type { JournalRecord } from "./records.ts";

/** A message that the process did not live to put into the context. */
export interface UnsentMessage {
  readonly turnId: string;
  readonly input: readonly UserInput[];
}

/** What the user said and the model was not told, in order: of each turn the messages beyond those that are in the context. */
export function unsentMessages(records: readonly JournalRecord[], turns: readonly Turn[]): UnsentMessage[] {
  const sent = new Map<string, number>();
  for (const record of records) {
    if (record.type === "input" && record.turnId) sent.set(record.turnId, (sent.get(record.turnId) ?? 0) + 1);
  }
  return turns.flatMap(({ id, items }) =>
    items
      .filter((item) => item.type === "userMessage")
      .slice(sent.get(id) ?? 0)
      .map(({ content }) => ({ turnId: id, input: content })),
  );
}

/** What the user was shown of the newest answer, and the context does not hold. */
export function unsaidTexts(records: readonly JournalRecord[]): string[] {
  const shown = new Map<string, string>();
  const answer = records.slice(records.findLastIndex(({ type }) => type === "request" || type === "history"));
  for (const record of answer) {
    if (record.type === "item" && record.item.type === "agentMessage") shown.set(record.item.id, record.item.text);
  }
  const said = JSON.stringify(answer.filter((record) => record.type === "input" && record.item.role === "assistant"));
  return [...shown.values()].filter((text) => text !== "" && !said.includes(JSON.stringify(text)));
}
