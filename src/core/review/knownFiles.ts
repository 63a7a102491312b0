import type { FileWatch } from "../../host/files.ts";
import type { ReviewedFile } from "../../protocol/review.ts";
import { EarlierStates } from "./earlierStates.ts";
import type { FileBytes, FileEntry } from "./fileEntry.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { reviewedFileOf } from "./reviewedFile.ts";

/** The files that review knows, by path: those that are watched, and of which clients are told whenever something else is under review. */
export class KnownFiles {
  readonly #clients: ReviewDeps["clients"];
  readonly #entries = new Map<string, FileEntry>();
  /** What clients were told last, by path. */
  readonly #told = new Map<string, string>();
  readonly #earlier = new EarlierStates();
  #watch: FileWatch | undefined;

  constructor(clients: ReviewDeps["clients"]) {
    this.#clients = clients;
  }

  /** Which watch follows them, from the next `follow` on. */
  watchBy(watch: FileWatch): void {
    this.#watch = watch;
  }

  unwatch(): void {
    this.#watch?.dispose();
  }

  /** Without telling: clients hear of what was kept by asking. */
  load(entry: FileEntry): void {
    this.#entries.set(entry.path, entry);
    const file = reviewedFileOf(entry);
    if (file) this.#told.set(entry.path, JSON.stringify(file));
  }

  paths(): string[] {
    return [...this.#entries.keys()];
  }

  entries(): FileEntry[] {
    return [...this.#entries.values()];
  }

  get(path: string): FileEntry | undefined {
    return this.#entries.get(path);
  }

  /** In the order in which the files came under review. */
  reviewed(): ReviewedFile[] {
    return this.entries().flatMap((entry) => reviewedFileOf(entry) ?? []);
  }

  /** The file as it was under review when it was last what it is now; undefined when something was done in it since. */
  earlier(path: string, now: FileBytes): FileEntry | undefined {
    return this.#earlier.find(path, now);
  }

  /** Somebody else has made this of a file. */
  see(entry: FileEntry): void {
    const known = this.#entries.get(entry.path);
    if (known) this.#earlier.note(known);
    this.#know(entry);
  }

  /** Something was done in a file here: what it was before is not under review again. */
  set(entry: FileEntry): void {
    this.#earlier.forget(entry.path);
    this.#know(entry);
  }

  /** Says whether it was known. */
  delete(path: string): boolean {
    if (!this.#entries.delete(path)) return false;
    this.#earlier.forget(path);
    this.#tell(path);
    this.follow();
    return true;
  }

  follow(): void {
    this.#watch?.follow(this.paths());
  }

  #know(entry: FileEntry): void {
    const { path } = entry;
    const isNew = !this.#entries.has(path);
    this.#entries.set(path, entry);
    this.#tell(path);
    if (isNew) this.follow();
  }

  #tell(path: string): void {
    const entry = this.#entries.get(path);
    const file = (entry && reviewedFileOf(entry)) ?? null;
    const text = file ? JSON.stringify(file) : undefined;
    if (this.#told.get(path) === text) return;
    if (text) this.#told.set(path, text);
    else this.#told.delete(path);
    this.#clients.notify({ method: "change/updated", params: { path, file } });
  }
}
