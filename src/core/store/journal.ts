import type { Storage, StorageLock } from "../../host/storage.ts";
import { AgentError, toAgentError } from "../../protocol/errors.ts";
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
  #lock: Promise<StorageLock> | undefined;

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
   * Makes this the only one that writes: until `close`, no other process does. Rejects with `conflict` when another one has it. Where the disk
   * takes nothing, what is written later tries again.
   */
  async open(): Promise<void> {
    await this.#locked().catch((error: unknown) => {
      if (toAgentError(error).code === "conflict") throw error;
    });
  }

  /** Lets others write, once all is written. What is added later makes this the only one again. */
  async close(): Promise<void> {
    await this.#last;
    const lock = await this.#lock?.catch(() => undefined);
    this.#lock = undefined;
    await lock?.release();
  }

  /**
   * Adds records in one write; resolves when they will outlive this process. A failed write rejects here and does not keep later ones
   * from being tried. Rejects with `notFound` once the journal is removed, and with `conflict` while another process writes it.
   */
  append(...records: readonly JournalRecord[]): Promise<void> {
    return this.appendAll(records);
  }

  /** The same, for more records than a call may have arguments. */
  appendAll(records: readonly JournalRecord[]): Promise<void> {
    if (this.#removed) return Promise.reject(new AgentError("notFound", "That thread is not there any more."));
    if (records.length === 0) return this.#last;
    const text = records.map((record) => lineOf(this.#secrets.value(record))).join("");
    const written = this.#last.then(async () => {
      await this.#locked();
      await this.#storage.append(this.#name, text);
    });
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
    await this.close();
  }

  #locked(): Promise<StorageLock> {
    this.#lock ??= this.#storage.lock(this.#name).catch((error: unknown) => {
      this.#lock = undefined;
      throw toAgentError(error).code === "conflict" ? elsewhere(error) : error;
    });
    return this.#lock;
  }
}

function elsewhere(cause: unknown): AgentError {
  const message = `This thread is open in another window or program, which alone can go on with it. Open another thread there or end that program, or fork it to go on with a copy here. ${toAgentError(cause).message}`;
  return new AgentError("conflict", message, { cause });
}

/** The type comes first, by which a record is found in a line that is damaged. */
function lineOf({ type, ...rest }: JournalRecord): string {
  return `${JSON.stringify({ type, ...rest })}\n`;
}

const FOLDER = "threads";

function journalName(threadId: string): string {
  return `${FOLDER}/${threadId}.jsonl`;
}

/** The threads that other processes have open, by id, with who that is: as `Storage.lockedElsewhere`. */
export async function threadsElsewhere(storage: Storage): Promise<ReadonlyMap<string, string>> {
  const locked = await storage.lockedElsewhere(FOLDER);
  return new Map([...locked].map(([name, owner]) => [name.slice(0, -".jsonl".length), owner]));
}

/** The ids of all threads that have a journal, oldest first. */
export async function listJournals(storage: Storage): Promise<string[]> {
  const names = await storage.list(FOLDER);
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length));
}
