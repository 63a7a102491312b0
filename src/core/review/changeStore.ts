import type { FileEdit } from "../../host/files.ts";
import type { RequestParams, RequestResult, ServerNotification } from "../../protocol/methods.ts";
import type { ChangeAuthor, SkippedChange } from "../../protocol/review.ts";
import type { EditReview } from "../../protocol/settings.ts";
import type { AppliedEdits, PlannedEdits } from "./agentEdits.ts";
import { ChangeFiles } from "./changeFiles.ts";
import { CommandEdits } from "./commandEdits.ts";
import { authorsOf, withoutThread } from "./entryChanges.ts";
import { afterAgent, type FileEntry, foundBy, hadFile, newEntry } from "./fileEntry.ts";
import { currentLines } from "./fileReview.ts";
import { shownText } from "./lineText.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { hunksIn, withHunks } from "./reviewedFile.ts";
import { acceptedEntry, isBy, keptEntry, type Selection, selectedIn, withoutTakenBack } from "./settle.ts";
import { contentsOf } from "./turnEdits.ts";
import { failed, type Looked, Undo } from "./undo.ts";
import { stillUndone, UndoneChanges, type UndoneFile } from "./undone.ts";

/** All changes of the agent that the user has neither kept nor undone, over all threads of this host. */
export class ChangeStore {
  readonly #files: ChangeFiles;
  /** What commands do to files. */
  readonly commands: CommandEdits;
  /** What the user took back, until the model is told. */
  readonly undone: UndoneChanges;
  readonly #deps: ReviewDeps;

  constructor(deps: ReviewDeps) {
    this.#deps = deps;
    this.#files = new ChangeFiles(deps);
    this.commands = new CommandEdits(this.#files, deps);
    this.undone = new UndoneChanges(deps);
  }

  /** Of each file what is meant: hunks of others are left out. */
  async list(selection: RequestParams<"change/list">): Promise<RequestResult<"change/list">> {
    await this.#lookAtAll();
    const files = this.#files.reviewed().filter(({ authors }) => isBy(authors, selection));
    return {
      data: files.map((file) =>
        withHunks(
          file,
          file.hunks.filter(({ authors }) => isBy(authors, selection)),
        ),
      ),
    };
  }

  async read({ path }: RequestParams<"change/read">): Promise<RequestResult<"change/read">> {
    await this.#ready();
    return this.#files.locks.run([path], async () => {
      await this.#files.look(path);
      const entry = this.#files.get(path);
      if (entry?.content.kind !== "text") return { baseline: null, current: null };
      const { review } = entry.content;
      return {
        baseline: hadFile(entry) ? shownText(review.baseline) : null,
        current: entry.presence === "present" ? shownText(currentLines(review)) : null,
      };
    });
  }

  async accept(selection: RequestParams<"change/accept">): Promise<RequestResult<"change/accept">> {
    return this.#settle({ ...selection, includeEdited: true }, async ({ entries, now }, chosen) => {
      const skipped: SkippedChange[] = [];
      for (const entry of entries) {
        const look = now.get(entry.path);
        if (look?.status === "rejected") skipped.push(failed(entry.path, look.reason));
        else {
          const kept = keptEntry(entry, selectedIn(entry, chosen), look?.value);
          this.#files.put(selection.hunkIds || kept === entry ? kept : withoutTakenBack(kept, selection));
        }
      }
      return skipped;
    });
  }

  async reject(selection: RequestParams<"change/reject">): Promise<RequestResult<"change/reject">> {
    const chosen = { ...selection, includeEdited: selection.includeEdited ?? false };
    const { turnEdits } = this.commands;
    const undo = new Undo(this.#files, { ...this.#deps, undone: this.undone, turnEdits });
    return this.#settle(chosen, (looked) => undo.run(looked, chosen));
  }

  /** The files as far as what the user took back of them did not come again. */
  stillUndone(files: readonly UndoneFile[]): UndoneFile[] {
    return files.flatMap((file) => stillUndone(file, this.#files.get(file.path)) ?? []);
  }

  /** Makes an edit of the agent, and notes what came of it: `apply` makes these edits, as far as they still fit what is there. Rejects as it does. */
  async edit<T extends AppliedEdits>({ edits, author, review }: PlannedEdits, apply: () => Promise<T>): Promise<T> {
    await this.#ready();
    const touched = edits.flatMap(pathsOf);
    return this.#files.locks.run(touched, async () => {
      const known = touched.filter((path) => this.#files.get(path));
      await Promise.allSettled(known.map((path) => this.#files.look(path)));
      for (const edit of edits) if (edit.kind !== "add") await this.commands.beforeEdit(edit.path, edit.before, author);
      const executables = await this.#executables(edits);
      const noted = (made: readonly FileEdit[], adjusted: ReadonlyMap<string, Uint8Array>) =>
        this.#noted(made, { author, review, adjusted, executables });
      const ahead = noted(edits, new Map());
      await this.#files.keepAhead([...ahead.values()]);
      let applied: T;
      try {
        applied = await apply();
      } catch (error) {
        await this.#files.keepAgain(touched);
        throw error;
      }
      const made = applied.changes.map(({ edit }) => edit);
      const { adjusted } = applied.result;
      const isAsPlanned =
        adjusted.size === 0 && made.length === edits.length && made.every((edit, at) => edit === edits[at]);
      for (const entry of (isAsPlanned ? ahead : noted(made, adjusted)).values()) this.#files.put(entry);
      this.commands.edited(touched);
      for (const edit of made)
        for (const [path, contents] of contentsOf(edit, adjusted))
          this.commands.turnEdits.edited(author.turnId, path, contents);
      void this.#files.kept();
      return applied;
    });
  }

  /** Tells a client that joins what of a thread is under review. Never rejects. */
  async tell(threadId: string, notify: (notification: ServerNotification) => void): Promise<void> {
    await this.#lookAtAll();
    for (const file of this.#files.reviewed())
      if (isBy(file.authors, { threadId })) notify({ method: "change/updated", params: { path: file.path, file } });
  }

  /** What only this thread did is accepted as it stands. */
  async forgetThread(threadId: string): Promise<void> {
    await this.#ready();
    const paths = this.#files.paths();
    await this.#files.locks.run(paths, async () => {
      for (const path of paths) {
        const entry = this.#files.get(path);
        if (entry && !isBy(authorsOf(entry), { threadId })) continue;
        const left = entry && withoutThread(entry, threadId);
        if (left) this.#files.put(left);
        else this.#files.drop(path);
      }
      await this.#files.kept();
    });
    await this.undone.forget(threadId);
  }

  /** Follows files no more; resolves when everything is kept. */
  async dispose(): Promise<void> {
    await this.commands.dispose();
    await this.#files.dispose();
    await this.undone.written();
  }

  /** Resolves once everything is known that has happened. */
  async #ready(): Promise<void> {
    await this.#files.ready();
    await this.commands.settled();
    await this.#files.caughtUp();
  }

  async #lookAtAll(): Promise<void> {
    await this.#ready();
    const { locks } = this.#files;
    const looks = this.#files.paths().map((path) => locks.run([path], () => this.#files.look(path)));
    await Promise.allSettled(looks);
  }

  /** Looks at the files that are meant, and settles what is selected in them. */
  async #settle(
    selection: Selection & { readonly path?: string | null | undefined },
    settle: (looked: Looked, selection: Selection) => Promise<SkippedChange[]>,
  ): Promise<{ skipped: SkippedChange[] }> {
    await this.#ready();
    const paths = selection.path ? [selection.path] : this.#files.paths();
    const bases = paths.flatMap((path) => this.#files.get(path)?.basePath ?? []);
    return this.#files.locks.run([...paths, ...bases], async () => {
      const looks = await Promise.allSettled(paths.map((path) => this.#files.look(path)));
      const now = new Map(paths.map((path, at) => [path, looks[at]!]));
      const entries = paths.flatMap((path) => this.#files.get(path) ?? []);
      const unknown = unknownIds(entries, selection);
      const skipped = await settle({ entries, now }, selection);
      if (this.commands.isIdle) this.#files.forgetSettled();
      await this.#files.kept();
      return { skipped: [...unknown, ...skipped] };
    });
  }

  /** What is known of the files once the edits are made, by path. */
  #noted(
    edits: readonly FileEdit[],
    { author, review, adjusted, executables }: NotedFacts,
  ): ReadonlyMap<string, FileEntry> {
    const noted = new Map<string, FileEntry>();
    for (const edit of edits) {
      const { path } = edit;
      const known = noted.get(path) ?? this.#files.get(path);
      const found = foundBy(known, path, edit.kind === "add" ? undefined : edit.before);
      const movePath = edit.kind === "update" ? edit.movePath : undefined;
      const to = movePath ?? path;
      const after = edit.kind === "delete" ? undefined : (adjusted.get(to) ?? edit.after);
      const executable = edit.kind === "add" ? edit.executable : executables.has(path) || undefined;
      if (to !== path) noted.set(path, newEntry(path, undefined));
      const entry = afterAgent(found, { author, after, movePath, executable });
      noted.set(to, review === "before" ? acceptedEntry(entry, author, after) : entry);
    }
    return noted;
  }

  /** Which of the files that the edits take away are programs: they are made so again when they come back. */
  async #executables(edits: readonly FileEdit[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const { kind, path } of edits) {
      if (kind !== "delete") continue;
      const stat = await this.#deps.host.files.stat(path, new AbortController().signal).catch(() => undefined);
      if (stat?.executable) found.add(path);
    }
    return found;
  }
}

interface NotedFacts {
  readonly review: EditReview;
  readonly author: ChangeAuthor;
  readonly adjusted: ReadonlyMap<string, Uint8Array>;
  readonly executables: ReadonlySet<string>;
}

function pathsOf(edit: FileEdit): string[] {
  return edit.kind === "update" && edit.movePath !== undefined ? [edit.path, edit.movePath] : [edit.path];
}

function unknownIds(
  entries: readonly FileEntry[],
  { hunkIds, path }: Selection & { readonly path?: string | null | undefined },
): SkippedChange[] {
  const known = new Set(entries.flatMap(hunksIn).map(({ hunk }) => hunk.id));
  const unknown = (hunkIds ?? []).filter((id) => !known.has(id));
  const message = "This change is not there any more: it was settled, or its lines have changed.";
  return unknown.map((hunkId) => ({ path: path ?? "", hunkId, reason: "unknown", message }));
}
