import type { Action } from "../actions.ts";
import { joinDrafts } from "../session/draft.ts";
import { t } from "../strings.ts";
import { askShell } from "./askShell.ts";
import { choose, isChoice } from "./choose.ts";
import {
  condense,
  deleteWaiting,
  editLast,
  editMessage,
  editWaiting,
  fork,
  reorderWaiting,
  sendReady,
  sendWritten,
  startWaiting,
} from "./messages.ts";
import type { Panel } from "./panel.ts";
import { isAboutReview, performOnReview } from "./review.ts";

/** Does what the user asked for. Rejects when it failed; the caller tells the user. */
export async function perform(panel: Panel, action: Action): Promise<void> {
  const { session, writing } = panel;
  switch (action.kind) {
    case "compose":
      return writing.setDraft(action.draft);
    case "focusComposer":
      return panel.composer?.focusText();
    case "stopTurn":
      return session.thread.stopTurn();
    case "answer":
      return session.approvals.answer(action.approval, action.answer);
    case "denyWithFeedback":
      writing.answers = panel.approval?.requestId;
      writing.setNote(t("sayInstead"));
      return panel.composer?.focusText();
    case "showApproval":
      return showApproval(panel);
    case "attach":
      return attach(panel);
    case "pickModel":
      return panel.deck?.openModels();
    case "newThread":
      session.thread.clear();
      return showThread(panel);
    case "openThread":
      showThread(panel);
      return session.thread.open(action.threadId);
    case "openCopy":
      session.notices.dismiss(action.text);
      return session.thread.openCopy(action.threadId);
    case "renameThread":
      return session.renameThread(action.threadId, action.name);
    case "putAway":
      return session.putAway(action.threadId, action.how);
    case "dismissNotice":
      return session.notices.dismiss(action.text);
    case "restart":
      return panel.connect();
    default:
      if (isOneOf(placeActions, action)) return performOnPlaces(panel, action);
      if (isChoice(action)) return choose(session, action);
      if (isOneOf(messageActions, action)) return performOnMessages(panel, action);
      return isAboutReview(action) ? performOnReview(panel, action) : askShell(panel, action);
  }
}

const placeActions = [
  "showHistory",
  "showRules",
  "showSandbox",
  "dismissNoSandbox",
  "showThread",
  "showSent",
  "hideSent",
] as const;
const messageActions = [
  "send",
  "editLast",
  "editMessage",
  "cancelEdit",
  "fork",
  "editWaiting",
  "startWaiting",
  "deleteWaiting",
  "reorderWaiting",
  "condense",
] as const;
type OneOf<K extends readonly Action["kind"][]> = Extract<Action, { kind: K[number] }>;

function isOneOf<K extends readonly Action["kind"][]>(kinds: K, action: Action): action is OneOf<K> {
  return kinds.includes(action.kind);
}

/** What the panel shows. */
async function performOnPlaces(panel: Panel, action: OneOf<typeof placeActions>): Promise<void> {
  switch (action.kind) {
    case "showHistory":
      return panel.show("history");
    case "showRules":
      return panel.show("rules");
    case "showSandbox":
      return panel.deck?.openSandbox();
    case "dismissNoSandbox":
      return panel.readNoSandbox();
    case "showThread":
      return showThread(panel);
    case "showSent":
      return panel.sent.show(action.itemId === undefined ? {} : { itemId: action.itemId });
    case "hideSent":
      return panel.sent.hide();
    default:
      action satisfies never;
  }
}

/** What is sent, what waits to be read, and what was said before. */
async function performOnMessages(panel: Panel, action: OneOf<typeof messageActions>): Promise<void> {
  const { writing } = panel;
  switch (action.kind) {
    case "send":
      return action.key ? sendWritten(panel, action.draft, action.key) : sendReady(panel, action.draft, action.instead);
    case "editLast":
      return editLast(panel);
    case "editMessage":
      return editMessage(panel, action.turnId, action.draft);
    case "cancelEdit":
      return writing.editing && writing.endEdit(writing.editing.before);
    case "fork":
      return fork(panel, action.turnId, action.before);
    case "editWaiting":
      return editWaiting(panel, action.id);
    case "startWaiting":
      return startWaiting(panel, action.id);
    case "deleteWaiting":
      return deleteWaiting(panel, action.id);
    case "reorderWaiting":
      return reorderWaiting(panel, action.ids, action.refused);
    case "condense":
      return condense(panel);
    default:
      action satisfies never;
  }
}

async function attach(panel: Panel): Promise<void> {
  const { paths } = await panel.session.ask("editor/pickFiles", {});
  const attachments = paths.map((path) => ({
    kind: "mention" as const,
    name: path.split(/[/\\]/).at(-1) ?? path,
    path,
  }));
  if (attachments.length > 0) panel.writing.setDraft(joinDrafts(panel.writing.draft, { text: "", attachments }));
  panel.composer?.focusText();
}

function showApproval(panel: Panel): void {
  const row = panel.approvalRow;
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector<HTMLElement>(".approval")?.focus({ preventScroll: true });
}

function showThread(panel: Panel): void {
  panel.show("thread");
  void panel.focusComposer();
}
