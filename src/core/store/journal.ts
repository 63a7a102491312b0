import type { Storage } from "../../host/host.ts";
import type { ThreadItem } from "../../protocol/items.ts";
import type { ApprovalPolicy, SandboxPolicy } from "../../protocol/settings.ts";
import type { TokenUsage, Turn, TurnPlan } from "../../protocol/threads.ts";
import type { WorldState } from "../prompt/worldState.ts";

/** What a thread is started with, and what may change later. */
export interface JournalledSettings {
  readonly model: string;
  readonly modelProvider: string;
  readonly effort: string | null;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
}

/** One line of a thread's journal. Lines are only ever added; later ones win. */
export type JournalRecord =
  | {
      readonly type: "thread";
      readonly version: 1;
      readonly id: string;
      readonly cwd: string;
      readonly createdAt: number;
      readonly source: string;
    }
  | { readonly type: "settings"; readonly settings: JournalledSettings }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "archived"; readonly archived: boolean }
  /** The frozen head of the requests, as text, with the model it is for. A later one replaces it. */
  | { readonly type: "head"; readonly head: string; readonly model: string }
  /** Replaces all inputs before it: a cut of the context. */
  | { readonly type: "history"; readonly items: readonly unknown[] }
  | { readonly type: "world"; readonly world: WorldState }
  /** An item of the model's context, to be serialised again exactly as it is read. */
  | { readonly type: "input"; readonly item: unknown /** With a turn's user message. */; readonly turnId?: string }
  | { readonly type: "turn"; readonly turnId: string; readonly startedAt: number }
  | { readonly type: "item"; readonly turnId: string; readonly item: ThreadItem }
  | { readonly type: "plan"; readonly turnId: string; readonly plan: TurnPlan }
  | { readonly type: "diff"; readonly turnId: string; readonly diff: string }
  | { readonly type: "usage"; readonly turnId: string; readonly usage: TokenUsage }
  | {
      readonly type: "turnEnd";
      readonly turnId: string;
      readonly end: Pick<Turn, "status" | "error" | "completedAt" | "durationMs">;
    };

/** A thread's journal: append-only JSON lines, from which the thread is rebuilt. Appends are in order. */
export class Journal {
  readonly #storage: Storage;
  readonly #name: string;
  #last: Promise<void> = Promise.resolve();

  constructor(storage: Storage, threadId: string) {
    this.#storage = storage;
    this.#name = journalName(threadId);
  }

  /** Where it is, for people. */
  get path(): string {
    return `${this.#storage.root}/${this.#name}`;
  }

  /**
   * Adds records in one write; resolves when they will outlive this process. A failed write rejects here and does not keep later ones
   * from being tried.
   */
  append(...records: readonly JournalRecord[]): Promise<void> {
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
    const written = this.#last.then(() => this.#storage.append(this.#name, text));
    this.#last = written.catch(() => {});
    return written;
  }

  /** All records that can be read, in order; undefined when there is no such journal. */
  async read(): Promise<JournalRecord[] | undefined> {
    await this.#last;
    const text = await this.#storage.read(this.#name);
    return text === undefined ? undefined : parseJournal(text);
  }

  async remove(): Promise<void> {
    await this.#last;
    await this.#storage.remove(this.#name);
  }
}

/** Lines that are not whole records (a torn tail, garbage) are passed over: what was written whole is not lost for them. */
export function parseJournal(text: string): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const line of text.split("\n")) {
    const record = parseLine(line);
    if (record) records.push(record);
  }
  return records;
}

function parseLine(line: string): JournalRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line);
    return typeof value.type === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

const FOLDER = "threads";

export function journalName(threadId: string): string {
  return `${FOLDER}/${threadId}.jsonl`;
}

/** The ids of all threads that have a journal, oldest first. */
export async function listJournals(storage: Storage): Promise<string[]> {
  const names = await storage.list(FOLDER);
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length));
}
