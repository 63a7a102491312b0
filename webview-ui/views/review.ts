import type { Action, ReviewAction } from "../actions.ts";
import { sameDraft } from "../session/draft.ts";
import type { Restored } from "../session/notices.ts";
import { t } from "../strings.ts";
import { isLeft, undoneWords } from "../words/restoring.ts";
import type { Panel } from "./panel.ts";
import { openRestore } from "./restore.ts";

const reviewActions: Record<ReviewAction["kind"], true> = {
  keepChanges: true,
  undoChanges: true,
  answerEdited: true,
  reviewChanges: true,
  showChange: true,
  showAllChanges: true,
  restore: true,
  undoRestore: true,
};

export function isAboutReview(action: Action): action is ReviewAction {
  return Object.hasOwn(reviewActions, action.kind);
}

/** Keeping and undoing what the thread changed, and going back to before one of its messages. */
export async function performOnReview(panel: Panel, action: ReviewAction): Promise<void> {
  const { session } = panel;
  switch (action.kind) {
    case "keepChanges":
      if ((await session.review.keep(action.selection)) === 0) panel.announce(t("saidKept"));
      return;
    case "undoChanges":
      if ((await session.review.undo(action.selection)) === 0) panel.announce(t("saidUndone"));
      return;
    case "answerEdited":
      return session.review.answer(action.answer);
    case "reviewChanges":
      await session.ask("editor/reviewChanges", { path: action.path });
      return;
    case "showChange":
      await session.ask("editor/showChange", { path: action.path });
      return;
    case "showAllChanges":
      await session.ask("editor/showAllChanges", { threadId: session.view?.thread.id ?? "" });
      return;
    case "restore":
      return openRestore(panel, action);
    case "undoRestore":
      return undoRestore(panel, action.text, action.restored);
    default:
      action satisfies never;
  }
}

/** Takes a restoring back. The message that it had put into the composer leaves it again, unless it was changed there. */
async function undoRestore(panel: Panel, text: string, restored: Restored): Promise<void> {
  const { session } = panel;
  const { checkpointId, files, thread, draft } = restored;
  const done = await session.review.restore({ checkpointId, files, thread });
  session.notices.dismiss(text);
  if (draft && sameDraft(panel.writing.draft, draft.after)) panel.writing.setDraft(draft.before);
  if (!session.view) return;
  if (thread) await session.thread.open(session.view.thread.id);
  else await session.review.readLastRestore(session.view);
  const left = done.files.filter(isLeft);
  if (left.length > 0)
    session.notices.add({
      text: undoneWords(left),
      threadId: session.view?.thread.id,
    });
  panel.announce(t("saidRestoreUndone"));
}
