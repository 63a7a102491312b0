import type { ApplyResult, FileSystem, Landings } from "../../host/files.ts";
import { AgentError } from "../../protocol/errors.ts";
import { decodeText } from "../patch/encoding.ts";
import type { PlannedChange } from "../patch/plan.ts";
import { mergeChanges } from "../review/merge.ts";
import { hunksOf } from "../review/turnDiff.ts";

/** How often the user may write again while an edit is merged with what was written before. */
const MAX_MERGES = 3;

export interface AppliedChanges {
  readonly result: ApplyResult;
  /** As they were made. */
  readonly changes: readonly PlannedChange[];
  /** Files that somebody else changed between planning and applying; both changes are in them. */
  readonly mergedPaths: readonly string[];
}

/**
 * Applies the changes or none. What was written to a file since they were planned stays, when it lies apart from them; otherwise this rejects
 * with `conflict`. Rejects as `FileSystem.apply` does.
 */
export async function applyPlanned(
  planned: readonly PlannedChange[],
  { files, landings }: { readonly files: FileSystem; readonly landings: Landings | undefined },
  signal: AbortSignal,
): Promise<AppliedChanges> {
  let changes = planned;
  for (let merges = 0; ; merges++) {
    try {
      const result = await files.apply(
        changes.map(({ edit }) => edit),
        signal,
        landings,
      );
      const merged = changes.filter((change, at) => change !== planned[at]);
      return { result, changes, mergedPaths: merged.map(({ path, movePath }) => movePath ?? path) };
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== "conflict" || merges === MAX_MERGES) throw error;
      const read = async (path: string) => (await files.read(path, signal)).bytes;
      changes = await Promise.all(planned.map((change) => mergedChange(change, { read, conflict: error })));
    }
  }
}

interface Present {
  read(path: string): Promise<Uint8Array>;
  /** Thrown when the change cannot be merged with what is there. */
  readonly conflict: AgentError;
}

/** The change on top of what the file is now; the change itself when nobody touched the file. */
async function mergedChange(change: PlannedChange, { read, conflict }: Present): Promise<PlannedChange> {
  const { edit } = change;
  if (edit.kind === "add") return change;
  const before = await read(edit.path);
  const isSame = before.length === edit.before.length && before.every((byte, at) => byte === edit.before[at]);
  if (isSame) return change;
  const after = edit.kind === "update" ? mergeChanges(edit.before, before, edit.after) : undefined;
  if (edit.kind !== "update" || !after) throw conflict;
  return { ...change, edit: { ...edit, before, after }, diff: hunksOf(textOf(before), textOf(after)) };
}

function textOf(bytes: Uint8Array): string {
  return decodeText(bytes)?.text ?? "";
}
