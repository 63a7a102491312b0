import type { Storage } from "../../host/host.ts";
import type { Thread } from "../../protocol/threads.ts";
import { Journal, listJournals } from "./journal.ts";
import { rebuildThread } from "./rebuild.ts";

const NAME = "threads-index.jsonl";

/** What the list of threads shows of one, and what a search looks in. */
export interface IndexEntry {
  readonly id: string;
  /** Without its turns and its status. */
  readonly thread: Omit<Thread, "turns" | "status">;
  readonly archived: boolean;
  /** What the user wrote in it, in lower case. */
  readonly text: string;
}

/**
 * A list of all threads that is quick to read. Only a cache: each thread's journal is the truth, and what the index lacks is read from there.
 * Lines are only ever added, later ones win; it is written anew when most of them are outdated.
 */
export class ThreadIndex {
  readonly #storage: Storage;
  readonly #version: string;
  #last: Promise<void> = Promise.resolve();

  constructor(storage: Storage, version: string) {
    this.#storage = storage;
    this.#version = version;
  }

  /** Notes how a thread stands. */
  put(entry: IndexEntry): Promise<void> {
    return this.#queue(() => this.#storage.append(NAME, `${JSON.stringify(entry)}\n`));
  }

  /** All threads that have a journal, in no order. */
  async list(): Promise<IndexEntry[]> {
    await this.#last;
    const { entries, lines } = parse((await this.#storage.read(NAME)) ?? "");
    const listed: IndexEntry[] = [];
    for (const id of await listJournals(this.#storage)) {
      const entry = entries.get(id) ?? (await this.#rebuild(id));
      if (entry) listed.push(entry);
    }
    if (lines > 2 * listed.length + 100) await this.#rewrite(listed);
    return listed;
  }

  async #rebuild(id: string): Promise<IndexEntry | undefined> {
    const journal = new Journal(this.#storage, id);
    const records = await journal.read();
    const rebuilt = records && rebuildThread(records, { path: journal.path, version: this.#version });
    if (!rebuilt) return undefined;
    const entry = entryOf({ ...rebuilt.view.thread, turns: rebuilt.view.turns }, rebuilt.archived);
    await this.put(entry);
    return entry;
  }

  #rewrite(entries: readonly IndexEntry[]): Promise<void> {
    return this.#queue(() => this.#storage.write(NAME, entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")));
  }

  #queue(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

const TEXT_LENGTH = 2000;

export function entryOf({ turns, status: _status, ...thread }: Thread, archived: boolean): IndexEntry {
  const written = turns
    .flatMap((turn) => turn.items)
    .flatMap((item) => (item.type === "userMessage" ? item.content : []));
  const text = written.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return { id: thread.id, thread, archived, text: text.slice(0, TEXT_LENGTH).toLowerCase() };
}

/** True when the words are in the thread's name, preview or messages, ignoring case. */
export function matches({ thread, text }: IndexEntry, term: string): boolean {
  const wanted = term.trim().toLowerCase();
  return [thread.name ?? "", thread.preview, text].some((part) => part.toLowerCase().includes(wanted));
}

function parse(text: string): { entries: Map<string, IndexEntry>; lines: number } {
  const entries = new Map<string, IndexEntry>();
  let lines = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    lines++;
    try {
      const entry: IndexEntry = JSON.parse(line);
      if (typeof entry.id === "string" && entry.thread) entries.set(entry.id, entry);
    } catch {
      // A torn line: the journal has the truth.
    }
  }
  return { entries, lines };
}
