import type { StorageWatch } from "../../host/storage.ts";
import {
  readReviews,
  removeReview,
  reviewNames,
  type StoredEntry,
  watchReviews,
  writeReview,
} from "../store/reviewRecords.ts";
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
  /** What was written last, if that was done here. */
  readonly written: FileEntry | undefined;
}

/**
 * The files under review on disk. Programs that work in one folder at once each write files of their own, and what they have of one file is
 * merged when it is read: none takes away what another has, unless it has read it. Faults are logged: review goes on in memory.
 */
export class KeptReviews {
  readonly #deps: KeptReviewsDeps;
  /** What is to be written; undefined for what is to be removed. */
  readonly #waiting = new Map<string, FileEntry | undefined>();
  /** Those that wait because of what was done here, and not only of what was seen. */
  readonly #done = new Set<string>();
  /** What stands beside the entry in its file, by path, for those that have one. */
  readonly #facts = new Map<string, Facts>();
  /** Names of what is nothing to this program. */
  #strangers = new Set<string>();
  readonly #end = new AbortController();
  #writing: Promise<unknown> = Promise.resolve();
  #isSoon = false;
  #newestMs = 0;

  constructor(deps: KeptReviewsDeps) {
    this.#deps = deps;
  }

  /** Tells whenever `changed` may have something. */
  watch(listener: () => void): Promise<StorageWatch> {
    return watchReviews(this.#deps.host.storage, listener);
  }

  /** Those of this host's workspace, in the order in which they came under review; a file that several programs have is there as often. Warns of what cannot be read. */
  read(): Promise<FileEntry[]> {
    const { host, clients } = this.#deps;
    return this.#inOrder([], async () => {
      let unreadable = 0;
      const ours = await this.#ours(await reviewNames(host.storage), () => void unreadable++);
      if (unreadable > 0) clients.notify({ method: "warning", params: { message: unreadableMessage(unreadable) } });
      for (const [path, stored] of Map.groupBy(ours, ({ entry }) => entry.path)) this.#note(path, stored);
      return ours.map(({ entry }) => entry);
    });
  }

  /** The files of which other programs have kept something else than this one knows. Never rejects. */
  changed(): Promise<string[]> {
    return this.#inOrder([], async () => {
      const names = new Set(await reviewNames(this.#deps.host.storage));
      const known = [...this.#facts].flatMap(([path, facts]) => [...facts.names].map((name) => ({ path, name })));
      const gone = known.filter(({ name }) => !names.has(name)).map(({ path }) => path);
      for (const { name } of known) names.delete(name);
      this.#strangers = new Set([...this.#strangers].filter((name) => names.has(name)));
      const fresh = [...names].filter((name) => !this.#strangers.has(name));
      const ours = await this.#ours(fresh);
      const ourNames = new Set(ours.flatMap(({ name, left }) => [name, ...left]));
      for (const name of fresh) if (!ourNames.has(name)) this.#strangers.add(name);
      return [...new Set([...gone, ...ours.map(({ entry }) => entry.path)])];
    });
  }

  /** Whether another program wrote what is known of a file, or has written or removed something since. Never rejects. */
  isByOthers(path: string): Promise<boolean> {
    return this.#inOrder(false, async () => {
      const facts = this.#facts.get(path);
      return (facts !== undefined && !facts.written) || !(await this.#isAsKnown(path));
    });
  }

  /**
   * What all programs have of a file by now, with what was done here, and without what was only seen here: it takes the place of what was put.
   * Undefined when what was done here cannot be written. Never rejects.
   */
  again(path: string): Promise<FileEntry[] | undefined> {
    return this.#inOrder(undefined, async () => {
      if (this.#done.has(path)) await this.#writeWaiting(path);
      if (this.#done.has(path)) return undefined;
      const stored = await this.#ours(await reviewNames(this.#deps.host.storage, path));
      this.#waiting.delete(path);
      this.#note(path, stored);
      return stored.map(({ entry }) => entry);
    });
  }

  /** Writes soon what was done here, or removes the entry when nothing of it is under review. */
  put(entry: FileEntry): void {
    this.#done.add(entry.path);
    this.see(entry);
  }

  /** The same for what others have made of the file, which shows again whenever the file is looked at. */
  see(entry: FileEntry): void {
    const { path } = entry;
    if (isReviewed(entry)) this.#waiting.set(path, entry);
    else this.#without(path);
    this.#soon();
  }

  remove(path: string): void {
    this.#done.add(path);
    this.#without(path);
    this.#soon();
  }

  /** Writes all that waits; resolves when it is on disk. Never rejects. */
  written(): Promise<void> {
    return this.#inOrder(undefined, () => this.#write());
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
      written: undefined,
    };
  }

  /** No two files have the same, so that their order is kept. */
  #stamp(nowMs: number): number {
    this.#newestMs = Math.max(nowMs, this.#newestMs + 1);
    return this.#newestMs;
  }

  #without(path: string): void {
    if (this.#facts.has(path)) this.#waiting.set(path, undefined);
    else {
      this.#waiting.delete(path);
      this.#done.delete(path);
    }
  }

  /** What is kept under these names, as far as it is of this host's workspace. */
  async #ours(names: readonly string[], onUnreadable: () => void = () => {}): Promise<StoredEntry[]> {
    const { host, paths } = this.#deps;
    const kept = await readReviews(host.storage, names, onUnreadable);
    const roots = host.editor.workspaceRoots();
    return kept.filter(
      ({ workspace, entry }) => roots.includes(workspace) || roots.some((root) => paths.isInside(root, entry.path)),
    );
  }

  #note(path: string, stored: readonly StoredEntry[]): void {
    const [first] = stored;
    if (!first) {
      this.#facts.delete(path);
      return;
    }
    const { createdAtMs, workspace } = first;
    // The newest last, and so removed last: without it, what it replaced would count again.
    const names = [...stored.flatMap(({ left }) => left), ...stored.map(({ name }) => name)];
    this.#facts.set(path, { createdAtMs, workspace, names: new Set(names), written: undefined });
    this.#newestMs = Math.max(this.#newestMs, createdAtMs);
  }

  /** One after the other, so that what is read is never half of what is written here. */
  #inOrder<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work).catch((error: unknown) => {
      this.#deps.log(error);
      return otherwise;
    });
    this.#writing = result;
    return result;
  }

  async #write(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((path) => this.#writeWaiting(path)));
  }

  async #writeWaiting(path: string): Promise<void> {
    const isAsKnown = await this.#isAsKnown(path);
    const entry = this.#waiting.get(path);
    const isDone = this.#done.delete(path);
    this.#waiting.delete(path);
    // What others have replaced or settled since is not written over: what was only seen of it shows again in what they made of it.
    if (!isDone && !isAsKnown) return;
    if (await this.#writeOne(path, entry)) return;
    if (isDone) this.#done.add(path);
    if (!this.#waiting.has(path)) this.#waiting.set(path, entry);
  }

  /** Whether nobody has written or removed something of a file that is not known here. */
  async #isAsKnown(path: string): Promise<boolean> {
    const known = this.#facts.get(path)?.names ?? new Set();
    const names = await reviewNames(this.#deps.host.storage, path);
    return names.length === known.size && names.every((name) => known.has(name));
  }

  /** Resolves with whether that could be done: a disk may be full. */
  async #writeOne(path: string, entry: FileEntry | undefined): Promise<boolean> {
    const { host, log, newId } = this.#deps;
    const facts = this.#facts.get(path) ?? this.#newFacts();
    if (entry && facts.written === entry) return true;
    const before = [...facts.names];
    try {
      if (entry) {
        const { createdAtMs, workspace } = facts;
        const kept = { createdAtMs, workspace, entry };
        facts.names.add(await writeReview(host.storage, kept, { id: newId(), replaces: before }));
        this.#facts.set(path, { ...facts, written: entry });
      }
      for (const name of before) {
        await removeReview(host.storage, name);
        facts.names.delete(name);
      }
      if (!entry) this.#facts.delete(path);
      return true;
    } catch (error) {
      log(error);
      return false;
    }
  }
}

function unreadableMessage(count: number): string {
  const what = count === 1 ? "One file" : `${count} files`;
  return `${what} with changes under review could not be read back, so their changes are not listed any more. The files themselves are as they were.`;
}
