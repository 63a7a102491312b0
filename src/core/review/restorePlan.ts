import { sameBytes } from "../sameBytes.ts";
import { mergeChanges } from "./merge.ts";

/** A file as it is, or was; undefined where there is none. */
export type FileState = { readonly bytes: Uint8Array; readonly executable: boolean } | undefined;

/** What a turn, or a restoring, did to a file. */
export interface FileStep {
  readonly before: FileState;
  /** "unknown" when it was cut off before that could be noted, "shared" when others changed the file meanwhile, too. */
  readonly after: FileState | "unknown" | "shared";
}

export type FilePlan =
  | { readonly kind: "nothing" }
  /** `merged` says that changes of somebody else stay. */
  | { readonly kind: "write"; readonly state: FileState; readonly merged: boolean }
  /** Not what was done there since is left, or not known: the file stays as it is. */
  | { readonly kind: "conflict"; readonly reason: "changed" | "unknown" | "shared" };

/**
 * Takes steps back, given newest first, from a file as it is now. What others changed between the steps and after them stays: each step is
 * taken back by a merge whose base is the file after the step. With `overwrite`, the file becomes what it was, whatever stands in the way.
 */
export function planFile(now: FileState, steps: readonly FileStep[], options: { overwrite: boolean }): FilePlan {
  const wanted = steps.at(-1)?.before;
  let state = now;
  for (const step of steps) {
    const taken = takenBack(state, step);
    if (taken.kind === "conflict" && !options.overwrite) return taken;
    if (taken.kind === "conflict") return written(now, { state: wanted, wanted });
    state = taken.state;
  }
  return written(now, { state, wanted });
}

function written(now: FileState, { state, wanted }: { state: FileState; wanted: FileState }): FilePlan {
  if (isSame(now, state)) return { kind: "nothing" };
  return { kind: "write", state, merged: !isSame(state, wanted) };
}

type Taken = { kind: "state"; state: FileState } | Extract<FilePlan, { kind: "conflict" }>;

function takenBack(now: FileState, { before, after }: FileStep): Taken {
  if (isSame(now, before)) return { kind: "state", state: now };
  if (after === "unknown" || after === "shared") return { kind: "conflict", reason: after };
  if (isSame(now, after)) return { kind: "state", state: before };
  const bytes = now && before && after ? mergeChanges(after.bytes, now.bytes, before.bytes) : undefined;
  if (!now || !bytes) return { kind: "conflict", reason: "changed" };
  return { kind: "state", state: { bytes, executable: now.executable } };
}

/** Whether both have the same bytes, or both are not there. */
function isSame(one: FileState, other: FileState): boolean {
  if (!one || !other) return one === other;
  return sameBytes(one.bytes, other.bytes);
}
