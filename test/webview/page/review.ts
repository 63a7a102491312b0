import type { ReviewedFile, SkippedChange } from "../../../src/protocol/review.ts";
import type { Scene } from "./scene.ts";

type Notify = (method: string, params: unknown) => void;

/** Answers what is asked about changes and checkpoints, from the scene's own; undefined for any other method. */
export function answerReview(
  scene: Scene,
  { method, params }: { method: string; params: Record<string, unknown> },
  notify: Notify,
): object | undefined {
  const files = scene.changes ?? [];
  switch (method) {
    case "change/list":
      return { data: files };
    case "change/accept":
    case "change/reject": {
      const keepsEdited = method === "change/reject" && params.includeEdited !== true;
      return {
        skipped: files
          .filter((file) => fits(file, params))
          .flatMap((file) => settle(file, { params, keepsEdited, notify })),
      };
    }
    case "checkpoint/list":
      return { data: scene.checkpoints?.data ?? [], diskBytes: 12_900_000, maxDiskBytes: 2 ** 30 };
    case "checkpoint/restore": {
      const restored = params.files ? (scene.checkpoints?.files ?? []) : [];
      if (params.dryRun) return { checkpointId: null, files: restored };
      const turnId = scene.checkpoints?.data.find(({ id }) => id === params.checkpointId)?.turnId;
      if (params.thread && turnId) {
        for (const thread of scene.threads ?? [])
          thread.turns = thread.turns.slice(
            0,
            thread.turns.findIndex(({ id }) => id === turnId),
          );
        notify("thread/reverted", { threadId: params.threadId, beforeTurnId: turnId });
      }
      const overwritten = (params.overwrite ?? []) as string[];
      const done = restored.map((file) =>
        overwritten.includes(file.path) ? { ...file, outcome: "restored" as const } : file,
      );
      return { checkpointId: "undo-1", files: done };
    }
    default:
      return undefined;
  }
}

function fits(file: ReviewedFile, { path, hunkIds }: Record<string, unknown>): boolean {
  const ids = hunkIds as string[] | undefined;
  return (!path || file.path === path) && (!ids || file.hunks.some(({ id }) => ids.includes(id)));
}

/** Takes the meant hunks of a file away and tells of it; those that were edited stay where they have to be asked about. */
function settle(
  file: ReviewedFile,
  at: { params: Record<string, unknown>; keepsEdited: boolean; notify: Notify },
): SkippedChange[] {
  const ids = at.params.hunkIds as string[] | undefined;
  const isMeant = (id: string) => !ids || ids.includes(id);
  const left = file.hunks.filter(({ id, edited }) => !isMeant(id) || (at.keepsEdited && edited));
  const skipped = left.filter(({ id }) => isMeant(id));
  file.hunks = left;
  at.notify("change/updated", { path: file.path, file: left.length > 0 ? structuredClone(file) : null });
  return skipped.map(({ id }) => ({ path: file.path, hunkId: id, reason: "edited", message: "It was edited." }));
}
