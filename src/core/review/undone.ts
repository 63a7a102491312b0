import type { FileEdit } from "../../host/files.ts";
import type { RestoredFile } from "../../protocol/review.ts";
import { readUndone, removeUndone, type UndoneRecord, writeUndone } from "../store/undoneRecords.ts";
import type { FileEntry } from "./fileEntry.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { fileChangeOf, hunksIn, isWholeChanged } from "./reviewedFile.ts";
import type { Selected, Undoing } from "./settle.ts";

/** A file of which the user took back something that a thread did. */
export type UndoneFile = Readonly<UndoneRecord>;

/** A file of which something was taken back, with the thread that had done it. */
interface NotedFile {
  readonly threadId: string;
  readonly file: UndoneFile;
}

/** What an undoing took back, for each thread that had a part in it. */
export function undoneOf({ edit, was, selected }: Undoing & { was: FileEntry; selected: Selected }): NotedFile[] {
  if (!edit) return [];
  const { path, content, fileAuthors } = was;
  const hunks = hunksIn(was).filter(({ region }) => selected.regions.has(region));
  const wholeAuthors = content.kind === "whole" ? content.authors : [];
  const fileBy = selected.file ? [...fileAuthors, ...wholeAuthors] : [];
  const authors = [...fileBy, ...hunks.flatMap(({ hunk }) => hunk.authors)];
  const movedTo = edit.kind === "update" ? edit.movePath : undefined;
  return [...new Set(authors.map(({ threadId }) => threadId))].map((threadId) => {
    const mine = hunks.filter(({ hunk }) => hunk.authors.some((author) => author.threadId === threadId));
    const turnIds = authors.filter((author) => author.threadId === threadId).map(({ turnId }) => turnId);
    const outcome = outcomeOf(edit, content.kind);
    const facts = { path, outcome, turnIds: [...new Set(turnIds)], hunkIds: mine.map(({ hunk }) => hunk.id) };
    return { threadId, file: movedTo === undefined ? facts : { ...facts, movedTo } };
  });
}

function outcomeOf(edit: FileEdit, kind: FileEntry["content"]["kind"]): UndoneFile["outcome"] {
  if (edit.kind === "delete") return "gone";
  if (edit.kind === "add") return "back";
  if (edit.movePath !== undefined) return "moved";
  return kind === "whole" ? "whole" : "changed";
}

/** The file as far as what was taken back did not come again, as it does with Ctrl+Z; `now` is what is known of it. */
export function stillUndone(file: UndoneFile, now: FileEntry | undefined): UndoneFile | undefined {
  if (!now || file.outcome === "restored") return file;
  if (file.outcome !== "changed") return fileChangeOf(now) || isWholeChanged(now) ? undefined : file;
  const ids = hunksIn(now).map(({ hunk }) => hunk.id);
  const hunkIds = file.hunkIds.filter((id) => !ids.includes(id));
  return hunkIds.length === 0 ? undefined : { ...file, hunkIds };
}

type Files = Map<string, UndoneFile>;

/**
 * What the user took back of each thread's changes, until its model is told. Kept on disk, since days may pass before the thread goes on.
 * Faults of the disk are logged: then it holds for as long as this process.
 */
export class UndoneChanges {
  readonly #deps: Pick<ReviewDeps, "host" | "log">;
  readonly #threads = new Map<string, Promise<Files>>();
  /** The same, as far as it has been read. */
  readonly #read = new Map<string, Files>();
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: Pick<ReviewDeps, "host" | "log">) {
    this.#deps = deps;
  }

  /** Resolves once `of` knows what was kept. Never rejects. */
  async ready(threadId: string): Promise<void> {
    await this.#files(threadId);
  }

  /** What the thread's model was not told of, in the order of the undoing. */
  of(threadId: string): UndoneFile[] {
    return [...(this.#read.get(threadId)?.values() ?? [])];
  }

  /** Resolves when it is on disk. Never rejects. */
  async note(noted: readonly NotedFile[]): Promise<void> {
    for (const { threadId, file } of noted) {
      const files = await this.#files(threadId);
      const before = files.get(file.path);
      files.delete(file.path);
      files.set(file.path, before ? merged(before, file) : file);
    }
    await this.#write(new Set(noted.map(({ threadId }) => threadId)));
  }

  /** Notes what a restoring made of the files. Never rejects. */
  noteRestored(threadId: string, restored: readonly RestoredFile[]): Promise<void> {
    const changed = restored.filter(({ outcome }) => outcome === "restored" || outcome === "merged");
    const fileOf = (path: string): UndoneFile => ({ path, outcome: "restored", turnIds: [], hunkIds: [] });
    return this.note(changed.map(({ path }) => ({ threadId, file: fileOf(path) })));
  }

  /** The model knows of these, as `of` had them. Never rejects. */
  async told(threadId: string, told: readonly UndoneFile[]): Promise<void> {
    const files = this.#read.get(threadId);
    if (!files || told.length === 0) return;
    for (const file of told) if (files.get(file.path) === file) files.delete(file.path);
    await this.#write([threadId]);
  }

  async forget(threadId: string): Promise<void> {
    await this.told(threadId, this.of(threadId));
    await removeUndone(this.#deps.host.storage, threadId).catch(this.#deps.log);
  }

  /** Resolves when all of it is on disk. Never rejects. */
  written(): Promise<void> {
    return this.#writing;
  }

  #files(threadId: string): Promise<Files> {
    const { host, log } = this.#deps;
    const known = this.#threads.get(threadId);
    if (known) return known;
    const reading = readUndone(host.storage, threadId)
      .catch((error: unknown) => {
        log(error);
        return [];
      })
      .then((kept) => {
        const files: Files = new Map(kept.map((file) => [file.path, file]));
        this.#read.set(threadId, files);
        return files;
      });
    this.#threads.set(threadId, reading);
    return reading;
  }

  #write(threadIds: Iterable<string>): Promise<void> {
    const { host, log } = this.#deps;
    for (const threadId of threadIds) {
      const write = () => {
        const files = this.of(threadId);
        return files.length > 0 ? writeUndone(host.storage, threadId, files) : removeUndone(host.storage, threadId);
      };
      this.#writing = this.#writing.then(write).catch(log);
    }
    return this.#writing;
  }
}

function merged(before: UndoneFile, file: UndoneFile): UndoneFile {
  if (file.outcome === "restored") return file;
  const isMore = before.outcome === "changed" && file.outcome === "changed";
  return {
    ...file,
    turnIds: union(before.turnIds, file.turnIds),
    hunkIds: isMore ? union(before.hunkIds, file.hunkIds) : file.hunkIds,
  };
}

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])];
}
