import { type FileBytes, type FileEntry, stateIn, stateOf } from "./fileEntry.ts";

/** So many of a file are remembered: a change of branch and back takes half of them when each file is seen gone, empty and half written. */
const MAX_STATES = 16;

/**
 * What files under review were like before somebody else changed them. Where one is so again, so is its review, whatever it was in between: git
 * writes a file in steps, and somebody may look after each.
 */
export class EarlierStates {
  readonly #states = new Map<string, { readonly state: string; readonly entry: FileEntry }[]>();

  /** The file is about to be something else, by somebody else's doing. */
  note(entry: FileEntry): void {
    const { path } = entry;
    const states = this.#states.get(path) ?? [];
    states.push({ state: stateIn(entry), entry });
    this.#states.set(path, states.slice(-MAX_STATES));
  }

  /** The file as it was when it was last what it is now; undefined when it was not. */
  find(path: string, now: FileBytes): FileEntry | undefined {
    const states = this.#states.get(path);
    if (!states) return undefined;
    const state = stateOf(now);
    return states.findLast((earlier) => earlier.state === state)?.entry;
  }

  /** Something was settled or done in the file: nothing is as it was. */
  forget(path: string): void {
    this.#states.delete(path);
  }
}
