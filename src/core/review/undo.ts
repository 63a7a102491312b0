import type { ApplyResult, FileEdit } from "../../host/files.ts";
import type { SkippedChange } from "../../protocol/review.ts";
import { landingsOf, type PathPlace } from "../policy/classifyPath.ts";
import { requireNoWayOut, requireTrusted } from "../policy/requirePlace.ts";
import type { ChangeFiles } from "./changeFiles.ts";
import { afterOthers, type FileBytes, type FileEntry, newEntry } from "./fileEntry.ts";
import { refusalOf } from "./refusal.ts";
import type { ReviewDeps } from "./reviewDeps.ts";
import { type Selected, type Selection, selectedIn, type Undoing, undoingOf } from "./settle.ts";
import { contentsOf, type TurnEdits } from "./turnEdits.ts";
import { type UndoneChanges, undoneOf } from "./undone.ts";

/** Files that were just looked at. */
export interface Looked {
  readonly entries: readonly FileEntry[];
  /** What each is, by path, or why that is not known. */
  readonly now: ReadonlyMap<string, PromiseSettledResult<FileBytes>>;
}

/** What undoing needs of the store. */
export interface UndoDeps extends Pick<ReviewDeps, "host" | "paths" | "settings"> {
  readonly undone: UndoneChanges;
  readonly turnEdits: TurnEdits;
}

/** Takes changes back in files. The caller has the locks of all of them, and has looked at them. */
export class Undo {
  readonly #files: ChangeFiles;
  readonly #deps: UndoDeps;

  constructor(files: ChangeFiles, deps: UndoDeps) {
    this.#files = files;
    this.#deps = deps;
  }

  /** All files together, or, when one of them refuses, each that can be. Resolves with what was left as it is. */
  async run({ entries, now }: Looked, selection: Selection): Promise<SkippedChange[]> {
    const skipped: SkippedChange[] = [];
    const planned: Planned[] = [];
    for (const entry of entries) {
      const selected = selectedIn(entry, selection);
      const { path } = entry;
      for (const hunkId of selected.editedIds) skipped.push({ path, hunkId, reason: "edited", message: EDITED });
      try {
        const undoing = undoingOf(entry, selected, contentOf(now.get(path)));
        if (!undoing) continue;
        const places = undoing.edit ? await this.#placesOf(undoing.edit) : [];
        planned.push({ ...undoing, from: path, was: entry, selected, places });
      } catch (error) {
        skipped.push(failed(path, error));
      }
    }
    if (planned.length === 0) return skipped;
    const together = await this.#apply(planned).catch((error: unknown) => error);
    if (together === undefined) return skipped;
    if (planned.length === 1) return [...skipped, failed(planned[0]!.from, together)];
    for (const one of planned)
      await this.#apply([one]).catch((error: unknown) => skipped.push(failed(one.from, error)));
    return skipped;
  }

  /** Where the edit lands. Rejects when nothing may be written there. */
  async #placesOf(edit: FileEdit): Promise<PathPlace[]> {
    const { host, paths, settings } = this.#deps;
    const touched = edit.kind === "update" && edit.movePath !== undefined ? [edit.path, edit.movePath] : [edit.path];
    const roots = host.editor.workspaceRoots();
    const places = await Promise.all(touched.map((path) => requireNoWayOut(path, roots, { files: host.files, paths })));
    return places.map((place) => requireTrusted(place, settings(), paths));
  }

  async #apply(planned: readonly Planned[]): Promise<undefined> {
    const edits = planned.flatMap(({ edit }) => edit ?? []);
    const landings = landingsOf(planned.flatMap(({ places }) => places));
    const { adjusted }: ApplyResult = await this.#deps.host.files.apply(edits, new AbortController().signal, landings);
    for (const { from, entry, edit } of planned) {
      for (const [path, contents] of edit ? contentsOf(edit, adjusted) : [])
        this.#deps.turnEdits.undone(path, contents);
      if (entry.path !== from) this.#files.put(newEntry(from, undefined));
      const saved = adjusted.get(entry.path);
      this.#files.put(saved ? afterOthers(entry, saved) : entry);
    }
    await this.#deps.undone.note(planned.flatMap(undoneOf));
  }
}

interface Planned extends Undoing {
  /** Where the file was until now. */
  readonly from: string;
  readonly was: FileEntry;
  readonly selected: Selected;
  /** Where its edit lands. */
  readonly places: readonly PathPlace[];
}

function contentOf(look: PromiseSettledResult<FileBytes> | undefined): FileBytes {
  if (look?.status === "rejected") throw look.reason;
  return look?.value;
}

const EDITED = "This was changed after the agent's edit, and undoing it would take that away, too.";

export function failed(path: string, error: unknown): SkippedChange {
  return { path, hunkId: null, reason: "failed", message: refusalOf(path, error) };
}
