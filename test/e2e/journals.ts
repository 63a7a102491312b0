import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { JournalRecord } from "../../src/core/store/records.ts";
import type { TranscriptLine } from "../support/transcript.ts";
import { ownMethods, wireProblems } from "../wire/wireCheck.ts";
import { until } from "../workbench/until.ts";

/** The journals of all threads, each line parsed: a line that is not JSON fails the test. */
export async function readJournals(patchwrightHome: string): Promise<JournalRecord[][]> {
  return readAll(path.join(patchwrightHome, "threads"), /\.jsonl$/);
}

/**
 * What the panel and the server said on the wire, one transcript for each time the panel's page loaded. Needs the setting for it.
 * They are written a moment after they are said, and what is shown may be there before the answers to what is asked beside it: so it is
 * waited for until every request has its answer. Whoever reads them says what is wrong with those that do not get there.
 */
export async function readTraces(patchwrightHome: string): Promise<TranscriptLine[][]> {
  const read = () => readAll<TranscriptLine>(path.join(patchwrightHome, "log"), /^wire-.*\.jsonl$/);
  return until("every request is answered", async () => {
    const traces = await read();
    return traces.every((lines) => wireProblems(lines, ownMethods).length === 0) ? traces : undefined;
  }).catch(read);
}

/** Lines of JSON, whole to the last one. */
function parseLines<T>(text: string): T[] {
  if (!text.endsWith("\n")) throw new Error("The last line is torn.");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

async function readAll<T>(folder: string, wanted: RegExp): Promise<T[][]> {
  const names = (await readdir(folder)).filter((name) => wanted.test(name)).sort();
  return Promise.all(names.map(async (name) => parseLines<T>(await readFile(path.join(folder, name), "utf8"))));
}

/** A journal in words: what each record is, and of an item its kind and state. */
export function outline(records: readonly JournalRecord[]): string[] {
  return records.map((record) => {
    switch (record.type) {
      case "input":
        return `input ${inputKind(record.item)}`;
      case "item":
        return ["item", record.item.type, "status" in record.item ? record.item.status : ""].join(" ").trim();
      case "turnEnd":
        return `turnEnd ${record.end.status}`;
      default:
        return record.type;
    }
  });
}

function inputKind(item: unknown): string {
  const { type, role } = item as { type?: string; role?: string };
  return role ?? type ?? "unknown";
}
