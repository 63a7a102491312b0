import type { FileUpdateChange } from "../../../src/protocol/items.ts";
import type { Checkpoint, RestoredFile, ReviewedFile, ReviewHunk } from "../../../src/protocol/review.ts";
import { NOW_MS, ROOT } from "./items.ts";
import * as sample from "./samples.ts";
import type { Scene } from "./scene.ts";

const authorOf = (itemId: string) => [{ threadId: "t", turnId: "a", itemId }];

/** A hunk of lines that are replaced by as many as `now`, at the same place in both texts unless `newStart` says otherwise. */
function hunk(id: string, [oldStart, ...oldLines]: [number, ...string[]], more: Partial<ReviewHunk>): ReviewHunk {
  const oldCount = oldLines.length;
  const base = { id, oldStart, oldCount, oldLines, newStart: oldStart, newCount: oldCount, edited: false };
  return { ...base, authors: authorOf("other"), ...more };
}

function reviewed(path: string, hunks: ReviewHunk[], more: Partial<ReviewedFile> = {}): ReviewedFile {
  const sum = (count: (each: ReviewHunk) => number) => hunks.reduce((total, each) => total + count(each), 0);
  return {
    path: `${ROOT}/packages/http/${path}`,
    kind: "update",
    movedFrom: null,
    binary: false,
    hunks,
    added: sum(({ newCount }) => newCount),
    removed: sum(({ oldCount }) => oldCount),
    authors: authorOf("other"),
    ...more,
  };
}

/** What the sample edit of retry.ts is under review. */
const retryHunks = (itemId: string) => [
  hunk("r1", [32, "  let timer: NodeJS.Timeout;"], { authors: authorOf(itemId) }),
  hunk("r2", [43, "    timer = setTimeout(next, delay);"], { newCount: 2, authors: authorOf(itemId) }),
  hunk("r3", [45], { newStart: 46, newCount: 1, authors: authorOf(itemId) }),
];

const retryFile = (itemId: string) => reviewed("src/retry.ts", retryHunks(itemId), { authors: authorOf(itemId) });
const testFile = (itemId: string) =>
  reviewed("test/retry.timers.test.ts", [hunk("n1", [1], { newCount: 10, authors: authorOf(itemId) })], {
    kind: "add",
  });

/** Three files as in the sample thread. */
const three = (itemId: string): ReviewedFile[] => [
  retryFile(itemId),
  reviewed("test/retry.test.ts", [hunk("t1", [80, "a", "b", "c", "d"], { newCount: 36 })]),
  reviewed("CHANGELOG.md", [hunk("c1", [5, "- Retries wait longer."], { newCount: 2, edited: true })]),
];

/** Every kind of file, more of them than fit, one of them edited by the user. */
const many = (): ReviewedFile[] => [
  ...three("other"),
  reviewed("src/timers.ts", [hunk("m1", [1], { newCount: 118 })], { kind: "add" }),
  reviewed("src/legacyBackoffStrategies.ts", [hunk("m2", [1, "old"], { newCount: 0, oldCount: 64 })], {
    kind: "delete",
  }),
  reviewed("src/waiting/backoff.ts", [hunk("m3", [3, "old"], {})], {
    movedFrom: `${ROOT}/packages/http/src/backoff.ts`,
  }),
  reviewed("docs/retry.png", [], { binary: true }),
  reviewed("src/client.ts", [hunk("m4", [12, "a", "b"], { edited: true, newCount: 1 })]),
];

const checkpointOf = (turnId: string, more: Partial<Checkpoint> = {}): Checkpoint => ({
  id: `checkpoint-${turnId}`,
  threadId: "t",
  kind: "turn",
  turnId,
  createdAt: NOW_MS / 1000 - 60,
  hasFiles: true,
  changedFiles: 3,
  ...more,
});

const restoredFiles: RestoredFile[] = [
  { path: `${ROOT}/packages/http/src/retry.ts`, kind: "update", outcome: "restored" },
  { path: `${ROOT}/packages/http/test/retry.timers.test.ts`, kind: "delete", outcome: "restored" },
  { path: `${ROOT}/packages/http/test/retry.test.ts`, kind: "update", outcome: "merged" },
  {
    path: `${ROOT}/packages/http/CHANGELOG.md`,
    kind: "update",
    outcome: "conflict",
    message: "You changed the same lines, so this file stays as it is.",
  },
];

/** The scenes of the review, made from those that they begin with. */
export function reviewScenes(from: {
  atWork(): Scene;
  finished(): Scene;
  askingEdit(changes: FileUpdateChange[], reason: string): Scene;
}): Record<string, () => Scene> {
  const lastEdit = (scene: Scene) =>
    scene.threads?.[0]?.turns.at(-1)?.items.findLast(({ type }) => type === "fileChange")?.id ?? "";
  const withChanges = (scene: Scene, changes: ReviewedFile[]): Scene => ({ ...scene, changes });
  const asking = (changes: FileUpdateChange[], files: (itemId: string) => ReviewedFile[]): Scene => {
    const scene = from.askingEdit(changes, "Clears the timer when a request settles, and proves it.");
    const questions = scene.questions?.map(({ method, params }) => ({
      method,
      params: { ...params, files: files(params.itemId) },
    }));
    return { ...scene, ...(questions ? { questions } : {}) };
  };
  const restorable = (files: RestoredFile[], more: Partial<Checkpoint> = {}): Scene => ({
    ...from.finished(),
    checkpoints: { data: [checkpointOf("a", more)], files },
  });
  const plain = (scene: Scene): Scene => ({ ...scene, saved: { threadId: "t" } });
  const reviewable = (scene: Scene) => withChanges(plain(scene), three(lastEdit(scene)));
  return {
    changes: () => reviewable(from.finished()),
    "changes-at-work": () => reviewable(from.atWork()),
    "changes-many": () => withChanges(plain(from.finished()), many()),
    "changes-one": () => withChanges(plain(from.finished()), [retryFile("other")]),
    "approval-parts": () => asking([sample.retryDiff], (itemId) => [retryFile(itemId)]),
    "approval-files": () =>
      asking([sample.retryDiff, sample.newTest], (itemId) => [retryFile(itemId), testFile(itemId)]),
    restore: () => restorable(restoredFiles),
    "restore-clean": () => restorable(restoredFiles.slice(0, 3)),
    "restore-no-files": () => restorable([], { hasFiles: false, changedFiles: null }),
  };
}
