import type { FileEdit } from "../../host/files.ts";
import type { FileBytes } from "./fileEntry.ts";
import { hashOfBytes } from "./hash.ts";

/** What is known of a file that was written while a turn ran. Contents are told apart by their hashes; undefined is no file. */
interface Written {
  /** Before the first writing. */
  readonly first: string | undefined;
  /** True when that is what the user had saved: who is told of a save does not know whether it was before the turn. */
  readonly saved: boolean;
  /** After the last one. */
  readonly last: string | undefined;
  /** True when the turn's own edits are among the writings. */
  readonly own: boolean;
  /** True when another turn's or the user's are. */
  readonly others: boolean;
  /** True when a writing found another content than the one before it had left. */
  readonly torn: boolean;
}

interface Contents {
  readonly before?: FileBytes;
  readonly after?: FileBytes;
}

interface EndedTurn {
  readonly turnId: string;
  readonly ranCommand: boolean;
}

/** Whose a file's change during a turn is: `shared` when others had a part in it, and what is whose is not known. */
export type Share = "own" | "shared" | "others";

/** Who wrote which files while a turn ran, so that taking the turn back takes nothing else. */
export class TurnEdits {
  readonly #turns = new Map<string, Map<string, Written>>();

  begin(turnId: string): void {
    this.#turns.set(turnId, new Map());
  }

  end(turnId: string): void {
    this.#turns.delete(turnId);
  }

  /** An edit of a turn's. */
  edited(turnId: string, path: string, { before, after }: Contents): void {
    for (const [id, files] of this.#turns) {
      const [first, last, own] = [hashOf(before), hashOf(after), id === turnId];
      const known = files.get(path) ?? { first, saved: false, last: first, own, others: false, torn: false };
      files.set(path, {
        first: known.first,
        saved: known.saved,
        last,
        own: known.own || own,
        others: known.others || !own,
        torn: known.torn || known.last !== first,
      });
    }
  }

  /** What the user left in a file. */
  saved(path: string, now: FileBytes): void {
    const last = hashOf(now);
    for (const files of this.#turns.values()) {
      const known = files.get(path);
      if (!known) files.set(path, { first: last, saved: true, last, own: false, others: false, torn: false });
      else if (known.last !== last) files.set(path, { ...known, last, others: true });
    }
  }

  /** Changes under review were taken back: what is left is whose it was. */
  undone(path: string, { before, after }: Contents): void {
    for (const files of this.#turns.values()) {
      const known = files.get(path);
      if (known && known.last === hashOf(before)) files.set(path, { ...known, last: hashOf(after) });
    }
  }

  isKnown(turnId: string, path: string): boolean {
    return this.#turns.get(turnId)?.has(path) ?? false;
  }

  /** `before` and `after` are the file around the turn. Commands write without a word: what they may have written counts as the turn's. */
  share(path: string, { turnId, ranCommand, before, after }: Contents & EndedTurn): Share {
    const known = this.#turns.get(turnId)?.get(path);
    const byOthers = known?.others || (known?.saved && known.first !== hashOf(before));
    if (!known || (!known.own && !byOthers)) return ranCommand ? "own" : "others";
    if (!known.own) return ranCommand && known.last !== hashOf(after) ? "shared" : "others";
    const isTorn = known.torn || known.first !== hashOf(before) || known.last !== hashOf(after);
    return byOthers || (isTorn && !ranCommand) ? "shared" : "own";
  }
}

function hashOf(bytes: FileBytes): string | undefined {
  return bytes && hashOfBytes(bytes);
}

/** What an edit makes of which paths; `adjusted` is what the editor made of files on saving. */
export function contentsOf(edit: FileEdit, adjusted: ReadonlyMap<string, Uint8Array>): [string, Contents][] {
  const { path } = edit;
  const before = edit.kind === "add" ? undefined : edit.before;
  if (edit.kind === "delete") return [[path, { before, after: undefined }]];
  const to = edit.kind === "update" ? (edit.movePath ?? path) : path;
  const after = adjusted.get(to) ?? edit.after;
  if (to === path) return [[path, { before, after }]];
  return [
    [path, { before, after: undefined }],
    [to, { before: undefined, after }],
  ];
}
