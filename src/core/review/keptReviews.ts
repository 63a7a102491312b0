import { readReviews, removeReview, type StoredEntry, writeReview } from "../store/reviewRecords.ts";
import { isReviewed } from "./entryChanges.ts";
import type { FileEntry } from "./fileEntry.ts";
import type { ReviewDeps } from "./reviewDeps.ts";

/** How long what only the user's typing has changed may wait to be kept, in milliseconds. */
const LAZY_MS = 2000;

type KeptReviewsDeps = Omit<ReviewDeps, "settings">;

interface Facts {
  readonly createdAtMs: number;
  readonly workspace: string;
  /** Of the files on disk that have it, as far as this program wrote or read them. */
  readonly names: Set<string>;
}

/**
 * The files under review on disk. Programs that work in one folder at once each write files of their own, and what they have of one file is
 * merged when it is read back: none takes away what another has. Faults are logged: review goes on in memory.
 */
export class KeptReviews {
  readonly #deps: KeptReviewsDeps;
  /** What is to be written; undefined for what is to be removed. */
  readonly #waiting = new Map<string, FileEntry | undefined>();
  /** What stands beside the entry in its file, by path, for those that have one. */
  readonly #facts = new Map<string, Facts>();
  readonly #end = new AbortController();
  #writing: Promise<void> = Promise.resolve();
  #isSoon = false;
  #newestMs = 0;

  constructor(deps: KeptReviewsDeps) {
    this.#deps = deps;
  }

  /** Those of this host's workspace, in the order in which they came under review; a file that several programs have is there as often. Warns of what cannot be read. */
  async read(): Promise<FileEntry[]> {
    const { host, paths, clients, log } = this.#deps;
    let unreadable = 0;
    const kept = await readReviews(host.storage, () => void unreadable++).catch((error: unknown) => {
      log(error);
      return [];
    });
    if (unreadable > 0) clients.notify({ method: "warning", params: { message: unreadableMessage(unreadable) } });
    const roots = host.editor.workspaceRoots();
    const ours = kept.filter(
      ({ workspace, entry }) => roots.includes(workspace) || roots.some((root) => paths.isInside(root, entry.path)),
    );
    const byPath = Map.groupBy(ours, ({ entry }) => entry.path);
    for (const [path, stored] of byPath) {
      const [{ createdAtMs, workspace }] = stored as [StoredEntry];
      // The newest last, and so removed last: without it, what it replaced would count again.
      const names = [...stored.flatMap(({ left }) => left), ...stored.map(({ name }) => name)];
      this.#facts.set(path, { createdAtMs, workspace, names: new Set(names) });
      this.#newestMs = Math.max(this.#newestMs, createdAtMs);
    }
    return ours.map(({ entry }) => entry);
  }

  /** Writes the entry soon, or removes it when nothing of it is under review. */
  put(entry: FileEntry): void {
    if (!isReviewed(entry)) {
      this.remove(entry.path);
      return;
    }
    this.#waiting.set(entry.path, entry);
    this.#soon();
  }

  remove(path: string): void {
    if (this.#facts.has(path)) this.#waiting.set(path, undefined);
    else this.#waiting.delete(path);
    this.#soon();
  }

  /** Writes all that waits; resolves when it is on disk. Never rejects. */
  written(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async dispose(): Promise<void> {
    this.#end.abort();
    await this.written();
  }

  #soon(): void {
    if (this.#isSoon || this.#waiting.size === 0) return;
    this.#isSoon = true;
    const { clock, log } = this.#deps;
    const later = clock.sleep(LAZY_MS, this.#end.signal).finally(() => {
      this.#isSoon = false;
    });
    later.then(() => this.written()).catch((error: unknown) => this.#end.signal.aborted || log(error));
  }

  #newFacts(): Facts {
    const { host, clock } = this.#deps;
    return {
      createdAtMs: this.#stamp(clock.now()),
      workspace: host.editor.workspaceRoots()[0] ?? "",
      names: new Set(),
    };
  }

  /** No two files have the same, so that their order is kept. */
  #stamp(nowMs: number): number {
    this.#newestMs = Math.max(nowMs, this.#newestMs + 1);
    return this.#newestMs;
  }

  async #write(): Promise<void> {
    const work = [...this.#waiting];
    this.#waiting.clear();
    await Promise.all(work.map(([path, entry]) => this.#writeOne(path, entry)));
  }

  /** What cannot be written, such as to a full disk, waits for the next time. */
  async #writeOne(path: string, entry: FileEntry | undefined): Promise<void> {
    const { host, log, newId } = this.#deps;
    const facts = this.#facts.get(path) ?? this.#newFacts();
    const before = [...facts.names];
    try {
      if (entry) {
        const { createdAtMs, workspace } = facts;
        const kept = { createdAtMs, workspace, entry };
        facts.names.add(await writeReview(host.storage, kept, { id: newId(), replaces: before }));
        this.#facts.set(path, facts);
      }
      for (const name of before) {
        await removeReview(host.storage, name);
        facts.names.delete(name);
      }
      if (!entry) this.#facts.delete(path);
    } catch (error) {
      log(error);
      if (!this.#waiting.has(path)) this.#waiting.set(path, entry);
    }
  }
}

function unreadableMessage(count: number): string {
  const what = count === 1 ? "One file" : `${count} files`;
  return `${what} with changes under review could not be read back, so their changes are not listed any more. The files themselves are as they were.`;
}
