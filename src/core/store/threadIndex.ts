import type { Storage } from "../../host/storage.ts";
import type { Thread, Turn } from "../../protocol/threads.ts";
import type { ThreadView } from "../../protocol/threadView.ts";
import type { Secrets } from "../policy/secrets.ts";
import { Journal, listJournals } from "./journal.ts";
import { rebuildThread } from "./rebuild.ts";

const NAME = "threads-index.jsonl";
/** It is written anew when it has this many lines that are outdated, beside one for each thread. */
const MAX_OUTDATED = 100;
const TEXT_LENGTH = 2000;

/** What the list of threads shows of one, and what a search looks in. */
export interface IndexEntry {
  readonly id: string;
  /** Without its turns and its status. */
  readonly thread: Omit<Thread, "turns" | "status">;
  readonly archived: boolean;
  /** When it was last worked on, in Unix milliseconds: `thread.updatedAt` counts seconds, in which two threads may be equal. */
  readonly usedAtMs: number;
  /** The beginning of what the user wrote in it, in lower case. */
  readonly text: string;
}

/**
 * A list of all threads that is quick to read. Only a cache: each thread's journal is the truth, and what the index lacks is read from there.
 * Lines are only ever added, later ones win; it is written anew when most of them are outdated.
 */
export class ThreadIndex {
  readonly #storage: Storage;
  readonly #version: string;
  readonly #secrets: Secrets;
  #last: Promise<unknown> = Promise.resolve();

  /** `secrets` are not written. */
  constructor(storage: Storage, { version, secrets }: { version: string; secrets: Secrets }) {
    this.#storage = storage;
    this.#version = version;
    this.#secrets = secrets;
  }

  /** Notes how a thread stands. */
  put(entry: IndexEntry): Promise<void> {
    return this.#queue(() => this.#storage.append(NAME, lineOf(this.#secrets.value(entry))));
  }

  /** All threads that have a journal, in no order. */
  list(): Promise<IndexEntry[]> {
    return this.#queue(() => this.#list());
  }

  /** Resolves when everything that was put is written. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #list(): Promise<IndexEntry[]> {
    const { entries, lines } = parse((await this.#storage.read(NAME)) ?? "");
    const listed: IndexEntry[] = [];
    const missing: IndexEntry[] = [];
    for (const id of await listJournals(this.#storage)) {
      const known = entries.get(id);
      const entry = known ?? (await this.#rebuild(id));
      if (entry) listed.push(entry);
      if (entry && !known) missing.push(entry);
    }
    if (lines > 2 * listed.length + MAX_OUTDATED) await this.#storage.write(NAME, listed.map(lineOf).join(""));
    else if (missing.length > 0) await this.#storage.append(NAME, missing.map(lineOf).join(""));
    return listed;
  }

  async #rebuild(id: string): Promise<IndexEntry | undefined> {
    const journal = new Journal(this.#storage, id, this.#secrets);
    const records = await journal.read();
    const rebuilt = records && rebuildThread(records, { id, path: journal.path, version: this.#version });
    return rebuilt && entryOf(rebuilt);
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

/** How a thread stands. Long threads cost no more than short ones: of their items only the first messages are looked at. */
export function entryOf({ view, archived }: { view: ThreadView; archived: boolean }): IndexEntry {
  const { status: _status, ...thread } = view.thread;
  return {
    id: thread.id,
    thread,
    archived,
    usedAtMs: usedAtMs(thread.updatedAt, view.turns.at(-1)),
    text: firstWords(view.turns).toLowerCase(),
  };
}

function firstWords(turns: readonly Turn[]): string {
  let text = "";
  for (const { items } of turns) {
    for (const item of items) {
      if (item.type !== "userMessage") continue;
      for (const part of item.content) if (part.type === "text") text += `${part.text}\n`;
    }
    if (text.length >= TEXT_LENGTH) break;
  }
  return text.slice(0, TEXT_LENGTH);
}

function usedAtMs(updatedAt: number, last: Turn | undefined): number {
  const times = (last?.items ?? []).map((item) => item.completedAtMs ?? item.startedAtMs ?? 0);
  return Math.max(updatedAt * 1000, ...times);
}

/** On a line of its own even after a torn one. */
function lineOf(entry: IndexEntry): string {
  return `\n${JSON.stringify(entry)}`;
}

function parse(text: string): { entries: Map<string, IndexEntry>; lines: number } {
  const entries = new Map<string, IndexEntry>();
  const lines = text.split("\n").filter((line) => line !== "");
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry) entries.set(entry.id, entry);
  }
  return { entries, lines: lines.length };
}

/** Undefined for a torn line: the journal has the truth. */
function parseLine(line: string): IndexEntry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<IndexEntry> | null;
    return entry && isWhole(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(entry: Partial<IndexEntry>): entry is IndexEntry {
  const { id, thread, archived, usedAtMs, text } = entry;
  if (typeof id !== "string" || typeof archived !== "boolean" || typeof usedAtMs !== "number") return false;
  if (typeof text !== "string" || !thread) return false;
  return typeof thread.cwd === "string" && typeof thread.preview === "string" && typeof thread.updatedAt === "number";
}
