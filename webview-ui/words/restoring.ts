import type { RestoredFile } from "../../src/protocol/review.ts";
import { t } from "../strings.ts";
import { pathParts } from "./paths.ts";

/** What a restoring takes back. */
export type RestoreWhat = "both" | "files" | "thread";

/** What the user is told once it is done. `files` is what became of each file, empty when none was to be restored. */
export function restoredWords(what: RestoreWhat, files: readonly RestoredFile[]): string {
  const left = files.filter(isLeft);
  const count = files.length - left.length;
  const said = [mainWords(what, count)];
  if (what === "both" && files.length === 0) said.push(t("restoredNoFiles"));
  if (left.length > 0) said.push(t("restoredLeft", { count: left.length, names: namesOf(left) }));
  return said.join(" ");
}

/** What the user is told when a restoring was undone, but not in these files. */
export function undoneWords(left: readonly RestoredFile[]): string {
  const reasons = new Set(left.flatMap(({ message }) => message ?? []));
  return [t("restoreUndoneLeft", { names: namesOf(left) }), ...reasons].join(" ");
}

function namesOf(files: readonly RestoredFile[]): string {
  return files.map(({ path }) => pathParts(path, []).name).join(", ");
}

/** True for a file that stays as it is. */
export function isLeft({ outcome }: RestoredFile): boolean {
  return outcome === "conflict" || outcome === "failed";
}

function mainWords(what: RestoreWhat, count: number): string {
  if (what === "files") return count === 0 ? t("restoredNoFiles") : t("restoredFiles", { count });
  return what === "thread" || count === 0 ? t("restoredThread") : t("restoredBoth", { count });
}
