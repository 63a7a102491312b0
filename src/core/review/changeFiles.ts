import type { FileContent, FileHint } from "../../host/files.ts";
import type { StorageWatch } from "../../host/storage.ts";
import { AgentError } from "../../protocol/errors.ts";
import type { ChangeAuthor, ReviewedFile } from "../../protocol/review.ts";
import { Coalesced } from "./coalesced.ts";
import { awakeEntry, isReviewed, loadedEntry, movedEntry } from "./entryChanges.ts";
import { afterAgent, afterOthers, bytesIn, type FileBytes, type FileEntry, newEntry } from "./fileEntry.ts";
import { KeptReviews } from "./keptReviews.ts";
import { KnownFiles } from "./knownFiles.ts";
import { mergedEntry, withUndoneOf } from "./mergedEntry.ts";
import { PathLocks } from "./pathLocks.ts";
import type { ReviewDeps } from "./reviewDeps.ts";

/** So many files of which everything was undone or taken back are followed. */
const MAX_DORMANT = 100;
/** How long after a look at a file the next hint about it waits, in milliseconds. */
const PAUSE_MS = 50;
/** The same for looks at what other programs keep. */
const NEWS_PAUSE_MS = 100;

/** Asked at each look: whose doing it is if a file differs from what was known of it; undefined when it is not the agent's. */
export type Blame = (path: string, content: { readonly unsaved: boolean }) => ChangeAuthor | undefined;

/** The files under review as they are now: loaded when they are first asked for, followed from then on, told of to all clients, and kept. */
export class ChangeFiles {
  readonly locks = new PathLocks();
  /** Told each hint, before anything is done about it. */
  onHint: (hint: FileHint) => void = () => {};
  blame: Blame = () => undefined;
  readonly #deps: ReviewDeps;
  readonly #known: KnownFiles;
  readonly #kept: KeptReviews;
  readonly #live: Coalesced;
  readonly #signal = new AbortController().signal;
  /** Told that other programs may have kept something. */
  readonly #news: Coalesced;
  #keptWatch: StorageWatch | undefined;
  #loading: Promise<void> | undefined;

  constructor(deps: ReviewDeps) {
    this.#deps = deps;
    this.#known = new KnownFiles(deps.clients);
    this.#kept = new KeptReviews(deps);
    const { clock } = deps;
    this.#live = new Coalesced((path) => this.#look(path), { pauseMs: PAUSE_MS, clock });
    this.#news = new Coalesced(() => this.caughtUp(), { pauseMs: NEWS_PAUSE_MS, clock });
  }

  /** Resolves once everything that was kept is here. Never rejects. */
  ready(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** All that are known, also those of which nothing is under review at the moment. */
  paths(): string[] {
    return this.#known.paths();
  }

  get(path: string): FileEntry | undefined {
    return this.#known.get(path);
  }

  /** In the order in which the files came under review. */
  reviewed(): ReviewedFile[] {
    return this.#known.reviewed();
  }

  /**
   * Looks at a file and notes what others have made of it. Resolves with what it is now. Rejects, with nothing noted, when it cannot be read.
   * The caller has the path's lock.
   */
  async look(path: string): Promise<FileBytes> {
    const entry = this.#known.get(path);
    const content = await this.#content(path);
    const now = content?.bytes;
    if (!entry || this.#known.get(path) !== entry) return now;
    const author = this.blame(path, { unsaved: content?.unsaved ?? false });
    if (afterOthers(entry, now) === entry) return now;
    if (await this.#kept.isByOthers(path)) await this.#catchUp(path, { now, was: author ? bytesIn(entry, now) : now });
    const known = this.#known.get(path);
    if (!known) return now;
    const others = afterOthers(known, now);
    if (others === known) return now;
    if (author) this.put(afterAgent(known, { after: now, author }));
    else this.#see(this.#known.earlier(path, now) ?? others);
    return now;
  }

  /** Takes what other programs that work in this folder have kept by now. Never rejects. */
  async caughtUp(): Promise<void> {
    const paths = await this.#kept.changed();
    const catchUp = async (path: string) => {
      const now = (await this.#content(path))?.bytes;
      await this.#catchUp(path, { now, was: now });
    };
    await Promise.all(paths.map((path) => this.locks.run([path], () => catchUp(path)).catch(this.#deps.log)));
  }

  /** What is known of a file from now on, also that nothing of it is under review. Tells clients, and keeps it soon. */
  put(entry: FileEntry): void {
    this.#kept.put(entry);
    this.#known.set(entry);
  }

  drop(path: string): void {
    if (this.#known.delete(path)) this.#kept.remove(path);
  }

  /** Lets go of what is not under review any more; what was undone or taken back may come back, so the newest of that stay. */
  forgetSettled(): void {
    const over = this.#known.entries().filter((entry) => !isReviewed(entry));
    const isDormant = ({ content }: FileEntry) => content.kind === "text" && content.review.regions.length > 0;
    const stay = new Set(over.filter(isDormant).slice(-MAX_DORMANT));
    for (const entry of over) if (!stay.has(entry)) this.drop(entry.path);
  }

  /** Resolves when all that was put or dropped is on disk. Never rejects. */
  kept(): Promise<void> {
    return this.#kept.written();
  }

  /** Keeps entries before they hold, so that they do after a crash between an edit and `put`. Never rejects. */
  async keepAhead(entries: readonly FileEntry[]): Promise<void> {
    for (const entry of entries) this.#kept.put(entry);
    await this.#kept.written();
  }

  /** Takes `keepAhead` back: what holds is kept. Never rejects. */
  async keepAgain(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const entry = this.#known.get(path);
      if (entry) this.#kept.put(entry);
      else this.#kept.remove(path);
    }
    await this.#kept.written();
  }

  async dispose(): Promise<void> {
    await this.#loading;
    this.#known.unwatch();
    this.#keptWatch?.dispose();
    await this.#news.dispose();
    await this.#live.dispose();
    await this.locks.settled();
    await this.#kept.dispose();
  }

  async #load(): Promise<void> {
    this.#known.watchBy(this.#deps.host.files.watch((hint) => this.#hinted(hint)));
    this.#keptWatch = await this.#kept.watch(() => this.#news.ask(""));
    const kept = await this.#kept.read();
    for (const entry of kept) {
      const now = await this.#content(entry.path).catch(() => undefined);
      const there =
        !now && entry.basePath !== undefined ? await this.#content(entry.basePath).catch(() => undefined) : undefined;
      const loaded = loadedEntry(entry, now?.bytes, there?.bytes);
      if (!loaded) continue;
      const known = this.#known.get(loaded.path);
      const merged = (known && mergedOf([known, loaded])) ?? loaded;
      this.#known.load(merged);
      if (loaded.path !== entry.path) this.#kept.put(merged);
    }
    for (const { path } of kept) if (!this.#known.get(path)) this.#kept.remove(path);
    this.forgetSettled();
    this.#known.follow();
  }

  #see(entry: FileEntry): void {
    this.#kept.see(entry);
    this.#known.see(entry);
  }

  /**
   * Takes what all programs have of a file. None of them knows how it is `now`: then all of it is taken as of what it was. The caller has the
   * path's lock.
   */
  async #catchUp(path: string, { now, was }: { now: FileBytes; was: FileBytes }): Promise<void> {
    const kept = await this.#kept.again(path);
    if (!kept) return;
    const then = kept.some((entry) => afterOthers(entry, now) === entry) ? now : was;
    const known = this.#known.get(path);
    const own = known && afterOthers(known, then);
    const next = withUndoneOf(own, mergedKept(kept, then));
    if (next) this.#known.set(next);
    else this.#known.delete(path);
  }

  #hinted(hint: FileHint): void {
    this.onHint(hint);
    if (hint.kind === "moved") void this.#move(hint).catch(this.#deps.log);
    else if (this.#known.get(hint.path)) this.#live.ask(hint.path);
  }

  /** A look because of a hint. Never rejects: what cannot be read now is looked at again before it matters. */
  async #look(path: string): Promise<void> {
    await this.locks.run([path], () => this.look(path)).catch(() => {});
  }

  /** The user renamed a file, or a folder with files under review in it. */
  async #move({ path, movePath }: { path: string; movePath: string }): Promise<void> {
    const { paths } = this.#deps;
    const to = (one: string) =>
      one === path ? movePath : paths.isInside(path, one) ? paths.resolve(movePath, paths.relative(path, one)) : one;
    const touched = this.paths().filter((one) => to(one) !== one);
    await this.locks.run([...touched, ...touched.map(to)], async () => {
      for (const one of touched) {
        const entry = this.#known.get(one);
        if (!entry) continue;
        this.put(newEntry(one, undefined));
        this.put(movedEntry(entry, to));
        await this.look(to(one)).catch(() => {});
      }
    });
  }

  /** Undefined when no file is there; a folder may be in its place. */
  async #content(path: string): Promise<FileContent | undefined> {
    try {
      return await this.#deps.host.files.read(path, this.#signal);
    } catch (error) {
      if (error instanceof AgentError && (error.code === "notFound" || error.code === "unsupported")) return undefined;
      throw error;
    }
  }
}

/**
 * What all have of a file, when it is so. Of what one alone has that stays, too, which is not there now: an edit is kept before it is made, and what
 * was undone may come back.
 */
function mergedKept(kept: readonly FileEntry[], now: FileBytes): FileEntry | undefined {
  const [one, ...others] = kept;
  if (one && others.length === 0) return afterOthers(one, now);
  return mergedOf(kept.flatMap((entry) => loadedEntry(entry, now, undefined) ?? []));
}

/** What several have of a file as it is now. */
function mergedOf(entries: readonly FileEntry[]): FileEntry | undefined {
  const [first, ...rest] = entries.flatMap((entry) => awakeEntry(entry) ?? []);
  return first ? rest.reduce(mergedEntry, first) : entries[0];
}
