import * as vscode from "vscode";
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
    const count = this.#files.all().length;
    const question =
      count === 1
        ? vscode.l10n.t("Undo all changes in 1 file?")
        : vscode.l10n.t("Undo all changes in {count} files?", { count });
    const detail = vscode.l10n.t(
      "Every change of Patchwright's that you have not kept is taken back. Files that it added are deleted.",
    );
    if (await notices.confirms(question, { detail, action: vscode.l10n.t("Undo Everything") })) await this.undo({});
  }
}

function agreesToLose({ length: count }: readonly SkippedChange[]): Promise<boolean> {
  const what =
    count === 1
      ? vscode.l10n.t("You changed these lines after Patchwright did.")
      : vscode.l10n.t("You changed the lines of {count} of these changes after Patchwright did.", { count });
  return notices.confirms(what, {
    detail: vscode.l10n.t("If you undo them, your own changes there are taken away, too."),
    action: vscode.l10n.t("Undo Anyway"),
  });
}

/** A hunk that is not there any more needs no words: the editor shows already what is. */
function tell(skipped: readonly SkippedChange[]): void {
  const [first] = skipped.filter(({ reason }) => reason === "failed");
  if (first) notices.warn(first.message);
}
