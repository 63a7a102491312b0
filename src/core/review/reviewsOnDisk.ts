import {
  lockReview,
  readReviews,
  removeReview,
  reviewNames,
  type StoredEntry,
  writeReview,
} from "../store/reviewRecords.ts";
import { mayReturn } from "./entryChanges.ts";
import type { FileEntry } from "./fileEntry.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { withoutSettled } from "./settledElsewhere.ts";

export type ReviewsOnDiskDeps = Pick<ReviewDeps, "host" | "paths" | "clock" | "newId">;

interface Facts {
  readonly createdAtMs: number;
  readonly workspace: string;
  /** Of the files on disk that have it, as far as this program wrote or read them. */
  readonly names: ReadonlySet<string>;
  /** What is in them. */
  readonly entries: readonly FileEntry[];
  /** What was written last, if that was done here. */
  readonly written: FileEntry | undefined;
}

/** `done` by this program, or only `seen`, which shows again whenever the file is looked at. */
export type Cause = "done" | "seen";

/**
 * What this program knows of the files under review on disk. It never writes over what it has not seen: before it writes, with nobody else writing,
 * it looks at what there is. Calls come one after the other; all reject as the storage does.
 */
export class ReviewsOnDisk {
  readonly #deps: ReviewsOnDiskDeps;
  /** By path, for those that have a file. */
  readonly #facts = new Map<string, Facts>();
  /** Names of what is nothing to this program. */
  #strangers = new Set<string>();
  #newestMs = 0;

  constructor(deps: ReviewsOnDiskDeps) {
    this.#deps = deps;
  }

  /** Those of this host's workspace, in the order in which they came under review. `onUnreadable` is told of each that cannot be read. */
  async read(onUnreadable: () => void): Promise<FileEntry[]> {
    const ours = await this.#ours(await this.#names(), onUnreadable);
    for (const [path, stored] of Map.groupBy(ours, ({ entry }) => entry.path)) this.#note(path, stored);
    return ours.map(({ entry }) => entry);
  }

  /** What all programs have of a file by now. */
  async readAgain(path: string): Promise<FileEntry[]> {
    const stored = await this.#ours(await this.#names(path));
    this.#note(path, stored);
    return stored.map(({ entry }) => entry);
  }

  /** The files of which others have something else than is known. */
  async changed(): Promise<string[]> {
    const names = new Set(await this.#names());
    const known = [...this.#facts].flatMap(([path, facts]) => [...facts.names].map((name) => ({ path, name })));
    const gone = known.filter(({ name }) => !names.has(name)).map(({ path }) => path);
    for (const { name } of known) names.delete(name);
    this.#strangers = new Set([...this.#strangers].filter((name) => names.has(name)));
    const fresh = [...names].filter((name) => !this.#strangers.has(name));
    const ours = await this.#ours(fresh);
    const ourNames = new Set(ours.flatMap(({ name, left }) => [name, ...left]));
    for (const name of fresh) if (!ourNames.has(name)) this.#strangers.add(name);
    return [...new Set([...gone, ...ours.map(({ entry }) => entry.path)])];
  }

  /** Whether another program wrote what is known of a file, or has written or removed something since. */
  async isByOthers(path: string): Promise<boolean> {
    const facts = this.#facts.get(path);
    return (facts !== undefined && !facts.written) || !(await this.#isAsKnown(path));
  }

  has(path: string): boolean {
    return this.#facts.has(path);
  }

  /** Writes what a file is now, or removes it when that is undefined. What was only seen is not written over what others have replaced since. */
  async write(path: string, entry: FileEntry | undefined, cause: Cause): Promise<void> {
    if (entry && this.#facts.get(path)?.written === entry) return;
    const lock = await lockReview(this.#deps.host.storage, path).catch((error: unknown) => {
      // Not even a disk that has no room for a lock keeps what was done from being tried.
      if (cause === "seen") throw error;
    });
    try {
      if (await this.#isAsKnown(path)) await this.#replace(path, entry);
      else if (cause === "done") await this.#writeBeside(path, entry);
    } finally {
      await lock?.release();
    }
  }

  async #replace(path: string, entry: FileEntry | undefined): Promise<void> {
    const facts = this.#facts.get(path) ?? this.#newFacts();
    const names = new Set(facts.names);
    if (entry) {
      names.add(await this.#store(facts, entry, facts.names));
      this.#facts.set(path, { ...facts, names, entries: [entry], written: entry });
    }
    for (const name of facts.names) {
      await removeReview(this.#deps.host.storage, name);
      names.delete(name);
    }
    if (!entry) this.#facts.delete(path);
  }

  /**
   * Others have written or removed something meanwhile: neither brings back what the other has settled. What is known stays as it was, so that
   * `changed` tells of what came of it.
   */
  async #writeBeside(path: string, entry: FileEntry | undefined): Promise<void> {
    const { storage } = this.#deps.host;
    const facts = this.#facts.get(path) ?? this.#newFacts();
    const stored = await this.#ours(await this.#names(path));
    const was = facts.entries;
    const own = entry && withoutSettled(entry, { was, now: stored.map((one) => one.entry) });
    if (own && mayReturn(own)) await this.#store(facts, own, facts.names);
    for (const name of facts.names) await removeReview(storage, name);
    for (const theirs of stored) {
      if (facts.names.has(theirs.name)) continue;
      const left = withoutSettled(theirs.entry, { was, now: entry ? [entry] : [] });
      if (left === theirs.entry) continue;
      if (mayReturn(left)) await this.#store(theirs, left, new Set([theirs.name]));
      await removeReview(storage, theirs.name);
    }
  }

  #store(
    { createdAtMs, workspace }: Omit<Facts, "names" | "entries" | "written">,
    entry: FileEntry,
    replaces: ReadonlySet<string>,
  ) {
    const { host, newId } = this.#deps;
    return writeReview(host.storage, { createdAtMs, workspace, entry }, { id: newId(), replaces: [...replaces] });
  }

  /** Whether nobody has written or removed something of a file that is not known here. */
  async #isAsKnown(path: string): Promise<boolean> {
    const known = this.#facts.get(path)?.names ?? new Set();
    const names = await this.#names(path);
    return names.length === known.size && names.every((name) => known.has(name));
  }

  #names(path?: string): Promise<string[]> {
    return reviewNames(this.#deps.host.storage, path);
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

  #newFacts(): Facts {
    const { host, clock } = this.#deps;
    // No two have the same, so that their order is kept.
    this.#newestMs = Math.max(clock.now(), this.#newestMs + 1);
    const workspace = host.editor.workspaceRoots()[0] ?? "";
    return { createdAtMs: this.#newestMs, workspace, names: new Set(), entries: [], written: undefined };
  }

  #note(path: string, stored: readonly StoredEntry[]): void {
    const [first] = stored;
    if (!first) {
      this.#facts.delete(path);
      return;
    }
    const { createdAtMs, workspace } = first;
    // The newest last, and so removed last: without it, what it replaced would count again.
    const names = new Set([...stored.flatMap(({ left }) => left), ...stored.map(({ name }) => name)]);
    this.#facts.set(path, {
      createdAtMs,
      workspace,
      names,
      entries: stored.map(({ entry }) => entry),
      written: undefined,
    });
    this.#newestMs = Math.max(this.#newestMs, createdAtMs);
  }
}
