import type { SkippedChange } from "../../protocol/review.ts";
import { notices } from "../notices.ts";
import type { ReviewFiles, Selection } from "./reviewFiles.ts";

/** Keeps and undoes for the user, and tells them what was left as it is. */
export class Decisions {
  readonly #files: ReviewFiles;

  constructor(files: ReviewFiles) {
    this.#files = files;
  }

  async keep(selection: Selection): Promise<void> {
    const { skipped } = await this.#files.keep(selection);
    tell(skipped);
  }

  /** What the user changed further is asked about first; everything else that is meant is undone already by then. */
  async undo(selection: Selection): Promise<void> {
    const { skipped } = await this.#files.undo(selection);
    const edited = skipped.filter(({ reason }) => reason === "edited");
    tell(skipped.filter(({ reason }) => reason !== "edited"));
    if (edited.length === 0 || !(await agreesToLose(edited))) return;
    tell((await this.#files.undoEdited(selection)).skipped);
  }

  async undoAll(): Promise<void> {
    const files = this.#files.all().length;
    const what = files === 1 ? "all changes in one file" : `all changes in ${files} files`;
    const detail =
      "Every change of Patchwright's that you have not kept is taken back. Files that it added are deleted.";
    if (await notices.confirms(`Undo ${what}?`, { detail, action: "Undo Everything" })) await this.undo({});
  }
}

function agreesToLose(edited: readonly SkippedChange[]): Promise<boolean> {
  const [what, them] =
    edited.length === 1 ? ["these lines", "them"] : [`the lines of ${edited.length} of these changes`, "those"];
  return notices.confirms(`You changed ${what} after Patchwright did.`, {
    detail: `If you undo ${them}, your own changes there are taken away, too.`,
    action: "Undo Anyway",
  });
}

/** A hunk that is not there any more needs no words: the editor shows already what is. */
function tell(skipped: readonly SkippedChange[]): void {
  const [first] = skipped.filter(({ reason }) => reason === "failed");
  if (first) notices.warn(first.message);
}
