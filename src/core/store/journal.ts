import type { Storage } from "../../host/host.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { Secrets } from "../policy/secrets.ts";
import { type JournalRecord, parseJournal } from "./records.ts";
import { withoutReverted } from "./reverts.ts";

/** A thread's journal: append-only JSON lines, from which the thread is rebuilt. Appends are in order. */
export class Journal {
  readonly #storage: Storage;
  readonly #name: string;
  readonly #secrets: Secrets;
  #last: Promise<void> = Promise.resolve();
  #removed = false;

  /** `secrets` are not written. */
  constructor(storage: Storage, threadId: string, secrets: Secrets) {
    this.#storage = storage;
    this.#secrets = secrets;
    this.#name = journalName(threadId);
  }

  /** Where it is, for people. */
  get path(): string {
    return `${this.#storage.root}/${this.#name}`;
  }

  /**
   * Adds records in one write; resolves when they will outlive this process. A failed write rejects here and does not keep later ones
   * from being tried. Rejects with `notFound` once the journal is removed.
   */
  append(...records: readonly JournalRecord[]): Promise<void> {
    return this.appendAll(records);
  }

  /** The same, for more records than a call may have arguments. */
  appendAll(records: readonly JournalRecord[]): Promise<void> {
    if (this.#removed) return Promise.reject(new AgentError("notFound", "That thread is not there any more."));
    if (records.length === 0) return this.#last;
    const text = records.map((record) => `${JSON.stringify(this.#secrets.value(record))}\n`).join("");
    const written = this.#last.then(() => this.#storage.append(this.#name, text));
    this.#last = written.catch(() => {});
    return written;
  }

  /** All records that can be read and were not taken back, in order; undefined when there is no such journal. */
  async read(): Promise<JournalRecord[] | undefined> {
    const records = await this.readAll();
    return records && withoutReverted(records);
  }

  /** Those that were taken back, too. */
  async readAll(): Promise<JournalRecord[] | undefined> {
    await this.#last;
    const text = await this.#storage.read(this.#name);
    return text === undefined ? undefined : parseJournal(text);
  }

  /** Nothing can be added from now on: it would be the beginning of another journal in its place. */
  async remove(): Promise<void> {
    this.#removed = true;
    await this.#last;
    await this.#storage.remove(this.#name);
  }
}

const FOLDER = "threads";

function journalName(threadId: string): string {
  return `${FOLDER}/${threadId}.jsonl`;
}

/** The ids of all threads that have a journal, oldest first. */
export async function listJournals(storage: Storage): Promise<string[]> {
  const names = await storage.list(FOLDER);
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length));
}
