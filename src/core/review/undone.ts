import type { FileEdit } from "../../host/files.ts";
import type { RestoredFile } from "../../protocol/review.ts";
import {
  readUndone,
  removeUndone,
  type UndoneNote,
  type UndoneRecord,
  undoneName,
  undoneNames,
  writeUndone,
} from "../store/undoneRecords.ts";
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

type UndoneDeps = Pick<ReviewDeps, "host" | "clock" | "newId" | "log">;

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

/** What was taken back of a thread's changes and its model was not told of. */
export interface Untold {
  /** In the order of the undoing. */
  readonly files: readonly UndoneFile[];
  /** Of the notes that say so. */
  readonly names: readonly string[];
}

interface Known {
  readonly note: UndoneNote;
  /** False when it is only in memory, since the disk has not taken it. */
  isOnDisk: boolean;
}

/**
 * What the user took back of each thread's changes, until its model is told. Kept on disk, since days may pass before the thread goes on, and since
 * another program may be the one that goes on with it: each note is a file of its own, which nobody changes and whoever told the model removes.
 * Faults of the disk are logged: then it holds for as long as this process.
 */
export class UndoneChanges {
  readonly #deps: UndoneDeps;
  /** By thread, then by name. */
  readonly #threads = new Map<string, Map<string, Known>>();
  /** What the model knows and is still on disk. */
  readonly #told = new Set<string>();
  #newestMs = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: UndoneDeps) {
    this.#deps = deps;
  }

  /** Resolves once `of` knows what any program has kept by now. Never rejects. */
  ready(threadId: string): Promise<void> {
    return this.#inOrder(() => this.#read(threadId));
  }

  of(threadId: string): Untold {
    const known = [...(this.#threads.get(threadId) ?? [])];
    known.sort(([one, { note }], [other, { note: otherNote }]) => {
      const apartMs = note.createdAtMs - otherNote.createdAtMs;
      return apartMs !== 0 ? apartMs : one < other ? -1 : 1;
    });
    const files = new Map<string, UndoneFile>();
    for (const file of known.flatMap(([, { note }]) => note.files)) {
      const before = files.get(file.path);
      files.delete(file.path);
      files.set(file.path, before ? merged(before, file) : file);
    }
    return { files: [...files.values()], names: known.map(([name]) => name) };
  }

  /** Resolves when it is on disk. Never rejects. */
  note(noted: readonly NotedFile[]): Promise<void> {
    const { clock, newId } = this.#deps;
    this.#newestMs = Math.max(clock.now(), this.#newestMs + 1);
    const createdAtMs = this.#newestMs;
    for (const [threadId, parts] of Map.groupBy(noted, (one) => one.threadId)) {
      const known: Known = { note: { createdAtMs, files: parts.map(({ file }) => file) }, isOnDisk: false };
      const name = undoneName(threadId, newId());
      this.#notesOf(threadId).set(name, known);
      void this.#inOrder(async () => {
        await writeUndone(this.#deps.host.storage, name, known.note);
        known.isOnDisk = true;
      });
    }
    return this.#last;
  }

  /** Notes what a restoring made of the files. Never rejects. */
  noteRestored(threadId: string, restored: readonly RestoredFile[]): Promise<void> {
    const changed = restored.filter(({ outcome }) => outcome === "restored" || outcome === "merged");
    const fileOf = (path: string): UndoneFile => ({ path, outcome: "restored", turnIds: [], hunkIds: [] });
    return this.note(changed.map(({ path }) => ({ threadId, file: fileOf(path) })));
  }

  /** The model knows of these. Resolves when they are gone from the disk. Never rejects. */
  told(threadId: string, { names }: Pick<Untold, "names">): Promise<void> {
    for (const name of names) {
      this.#notesOf(threadId).delete(name);
      this.#told.add(name);
      void this.#inOrder(async () => {
        await removeUndone(this.#deps.host.storage, name);
        this.#told.delete(name);
      });
    }
    return this.#last;
  }

  async forget(threadId: string): Promise<void> {
    await this.ready(threadId);
    await this.told(threadId, this.of(threadId));
    this.#threads.delete(threadId);
  }

  /** Resolves when all of it is on disk. Never rejects. */
  written(): Promise<void> {
    return this.#last;
  }

  /** Takes what others have noted, and lets go of what others have told the model. */
  async #read(threadId: string): Promise<void> {
    const { storage } = this.#deps.host;
    const notes = this.#notesOf(threadId);
    const names = await undoneNames(storage, threadId);
    for (const [name, { isOnDisk }] of [...notes]) if (isOnDisk && !names.includes(name)) notes.delete(name);
    for (const name of names) {
      if (notes.has(name) || this.#told.has(name)) continue;
      const note = await readUndone(storage, name);
      if (!note) continue;
      notes.set(name, { note, isOnDisk: true });
      this.#newestMs = Math.max(this.#newestMs, note.createdAtMs);
    }
  }

  #notesOf(threadId: string): Map<string, Known> {
    const known = this.#threads.get(threadId);
    if (known) return known;
    const notes = new Map<string, Known>();
    this.#threads.set(threadId, notes);
    return notes;
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work).catch(this.#deps.log);
    return this.#last;
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
