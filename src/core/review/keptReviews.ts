import type { StorageWatch } from "../../host/storage.ts";
import { watchReviews } from "../store/reviewRecords.ts";
import { mayReturn } from "./entryChanges.ts";
import type { FileEntry } from "./fileEntry.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { ReviewsOnDisk } from "./reviewsOnDisk.ts";

/** How long what only the user's typing has changed may wait to be kept, in milliseconds. */
const LAZY_MS = 2000;

type KeptReviewsDeps = Omit<ReviewDeps, "settings">;

/**
 * The files under review, kept on disk. Programs that work in one folder at once each write files of their own, and what they have of one file is
 * merged when it is read: none takes away what another has, unless it has read it. Faults are logged: review goes on in memory.
 */
export class KeptReviews {
  readonly #deps: KeptReviewsDeps;
  readonly #disk: ReviewsOnDisk;
  /** What is to be written; undefined for what is to be removed. */
  readonly #waiting = new Map<string, FileEntry | undefined>();
  /** Those that wait because of what was done here, and not only of what was seen. */
  readonly #done = new Set<string>();
  readonly #end = new AbortController();
  #writing: Promise<unknown> = Promise.resolve();
  #isSoon = false;

  constructor(deps: KeptReviewsDeps) {
    this.#deps = deps;
    this.#disk = new ReviewsOnDisk(deps);
  }

  /** Tells whenever `changed` may have something. */
  watch(listener: () => void): Promise<StorageWatch> {
    return watchReviews(this.#deps.host.storage, listener);
  }

  /** Those of this host's workspace, in the order in which they came under review; a file that several programs have is there as often. Warns of what cannot be read. */
  read(): Promise<FileEntry[]> {
    return this.#inOrder([], async () => {
      let unreadable = 0;
      const kept = await this.#disk.read(() => void unreadable++);
      const { clients } = this.#deps;
      if (unreadable > 0) clients.notify({ method: "warning", params: { message: unreadableMessage(unreadable) } });
      return kept;
    });
  }

  /** The files of which other programs have kept something else than this one knows. Never rejects. */
  changed(): Promise<string[]> {
    return this.#inOrder([], () => this.#disk.changed());
  }

  /** Whether another program wrote what is known of a file, or has written or removed something since. Never rejects. */
  isByOthers(path: string): Promise<boolean> {
    return this.#inOrder(false, () => this.#disk.isByOthers(path));
  }

  /**
   * What all programs have of a file by now, with what was done here, and without what was only seen here: it takes the place of what was put.
   * Undefined when what was done here cannot be written. Never rejects.
   */
  again(path: string): Promise<FileEntry[] | undefined> {
    return this.#inOrder(undefined, async () => {
      if (this.#done.has(path)) await this.#writeWaiting(path);
      if (this.#done.has(path)) return undefined;
      const kept = await this.#disk.readAgain(path);
      this.#waiting.delete(path);
      return kept;
    });
  }

  /** Writes soon what was done here, or removes the entry when nothing of it can be under review again. */
  put(entry: FileEntry): void {
    const { path } = entry;
    this.#done.add(path);
    if (mayReturn(entry)) this.#waiting.set(path, entry);
    else this.#without(path);
    this.#soon();
  }

  /**
   * The same for what others have made of the file, which shows again whenever the file is looked at. Where nothing is left that can be under review
   * again, what was kept before stays: git may be in the midst of writing the file.
   */
  see(entry: FileEntry): void {
    if (!mayReturn(entry)) return;
    this.#waiting.set(entry.path, entry);
    this.#soon();
  }

  remove(path: string): void {
    this.#done.add(path);
    this.#without(path);
    this.#soon();
  }

  /** Writes all that waits; resolves when it is on disk. Never rejects. */
  written(): Promise<void> {
    return this.#inOrder(undefined, async () => {
      await Promise.all([...this.#waiting.keys()].map((path) => this.#writeWaiting(path)));
    });
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

  #without(path: string): void {
    if (this.#disk.has(path)) this.#waiting.set(path, undefined);
    else {
      this.#waiting.delete(path);
      this.#done.delete(path);
    }
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

  /** What cannot be written waits on: a disk may be full. */
  async #writeWaiting(path: string): Promise<void> {
    const entry = this.#waiting.get(path);
    const isDone = this.#done.delete(path);
    this.#waiting.delete(path);
    try {
      await this.#disk.write(path, entry, isDone ? "done" : "seen");
    } catch (error) {
      this.#deps.log(error);
      if (isDone) this.#done.add(path);
      if (!this.#waiting.has(path)) this.#waiting.set(path, entry);
    }
  }
}

function unreadableMessage(count: number): string {
  const what = count === 1 ? "One file" : `${count} files`;
  return `${what} with changes under review could not be read back, so their changes are not listed any more. The files themselves are as they were.`;
}
