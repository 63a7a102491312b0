import type { PendingApproval } from "../../src/protocol/threadView.ts";
import type { Action } from "../actions.ts";
import type { Composer } from "../deck/composer.ts";
import type { Deck } from "../deck/deck.ts";
import type { ApprovalRow } from "../rows/approval.ts";
import { type Draft, draftOf, emptyDraft, joinDrafts } from "../session/draft.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { t } from "../strings.ts";
import type { Transcript } from "../thread/transcript.ts";
import { messageOf } from "../words/errors.ts";
import type { WhichSent } from "./sentContext.ts";

/** What an action may touch: the session, the message being written, and the parts that are on the page now. */
export interface Panel {
  readonly session: PanelSession;
  readonly draft: Draft;
  readonly approval: PendingApproval | undefined;
  /** The question that was open when the message was begun, or that the user was told it would deny: Enter then answers that one. */
  draftAnswers: PendingApproval["requestId"] | undefined;
  readonly turnRuns: boolean;
  readonly transcript: Transcript | null;
  readonly composer: Composer | null;
  readonly deck: Deck | null;
  /** The question that waits in the open thread, as the row that shows it. */
  readonly approvalRow: ApprovalRow | null;
  readonly updateComplete: Promise<boolean>;
  setDraft(draft: Draft): void;
  /** A line below the message. */
  setNote(note: string): void;
  show(place: "thread" | "history"): void;
  /** Lays what was sent over the thread, which stays as it is below. */
  showSent(which: WhichSent): void;
  hideSent(): void;
  /** Says it to a screen reader's user. */
  announce(text: string): void;
  /** Begins a session, the first one or the next after the agent stopped. */
  connect(): void;
}

/** Does what the user asked for. Rejects when it failed; the caller tells the user. */
export async function perform(panel: Panel, action: Action): Promise<void> {
  const { session } = panel;
  switch (action.kind) {
    case "send":
      return send(panel, action.draft);
    case "compose":
      return panel.setDraft(action.draft);
    case "editLast":
      return editLast(panel);
    case "stopTurn":
      return session.stopTurn();
    case "allow":
      return session.answer(action.approval, { decision: action.scope === "session" ? "acceptForSession" : "accept" });
    case "deny":
      return session.answer(action.approval, { decision: "decline" });
    case "denyAndStop":
      return session.answer(action.approval, { decision: "cancel" });
    case "denyWithFeedback":
      panel.draftAnswers = panel.approval?.requestId;
      return panel.composer?.focusText();
    case "showApproval":
      return showApproval(panel);
    case "attach":
      return attach(panel);
    case "pickModel":
      return panel.deck?.openModels();
    case "setModel":
      return session.setModel(action.model, action.effort);
    case "setMode":
      return session.setMode(action.mode);
    case "newThread":
      session.newThread();
      return showThread(panel);
    case "openThread":
      showThread(panel);
      return session.openThread(action.threadId);
    case "showHistory":
      return panel.show("history");
    case "showThread":
      return showThread(panel);
    case "showSent":
      return panel.showSent(action.itemId === undefined ? {} : { itemId: action.itemId });
    case "hideSent":
      return panel.hideSent();
    case "renameThread":
      return session.renameThread(action.threadId, action.name);
    case "putAway":
      return session.putAway(action.threadId, action.how);
    case "dismissNotice":
      return session.dismiss(action.text);
    case "restart":
      return panel.connect();
    default:
      return askShell(panel, action);
  }
}

type ShellAction = Extract<
  Action,
  | { kind: "openFile" | "openLink" | "showDiff" | "showTerminal" | "copy" }
  | { kind: "enterKey" | "startDemo" | "manageTrust" | "openSettings" }
>;

/** What only the editor around the panel can do. */
async function askShell({ session, announce }: Panel, action: ShellAction): Promise<void> {
  switch (action.kind) {
    case "openFile": {
      const { kind: _kind, ...place } = action;
      await session.ask("editor/openFile", place);
      return;
    }
    case "openLink":
      await session.ask("editor/openLink", { url: action.url });
      return;
    case "showDiff": {
      const threadId = session.view?.thread.id ?? "";
      await session.ask("editor/showDiff", { threadId, itemId: action.itemId, path: action.path });
      return;
    }
    case "showTerminal":
      await session.ask("editor/showTerminal", { itemId: action.itemId });
      return;
    case "copy":
      await session.ask("editor/copy", { text: action.text });
      announce(t("copied"));
      return;
    case "enterKey":
      await session.ask("editor/enterKey", {});
      return;
    case "startDemo":
      await session.ask("editor/startDemo", {});
      return;
    case "manageTrust":
      await session.ask("editor/manageTrust", {});
      return;
    case "openSettings":
      await session.ask("editor/openSettings", { query: action.query });
      return;
    default:
      action satisfies never;
  }
}

/**
 * With a question open, what is written is the reason for saying no; what was begun before it is only after a second Enter.
 * What is not sent stays in the composer.
 */
async function send(panel: Panel, draft: Draft): Promise<void> {
  const { session, approval } = panel;
  const fromComposer = draft === panel.draft;
  if (approval && fromComposer && draft.text.trim() !== "") {
    if (panel.draftAnswers !== approval.requestId) {
      panel.draftAnswers = approval.requestId;
      return panel.setNote(t("enterDenies"));
    }
    session.answer(approval, { decision: "decline", feedback: draft.text.trim() });
    return panel.setDraft({ ...emptyDraft, attachments: draft.attachments });
  }
  // The second click of a double click on a button that sends.
  if (session.sending && !fromComposer) return;
  if (panel.turnRuns || session.sending) return panel.setNote(t("turnRuns"));
  if (session.hasKey === false) return panel.setNote(t("needsKey"));
  if (fromComposer) panel.setDraft(emptyDraft);
  try {
    await session.send(draft);
    panel.transcript?.follow();
  } catch (error) {
    panel.setDraft(joinDrafts(draft, panel.draft));
    panel.setNote(t("sendFailed", { text: messageOf(error) }));
  }
}

function editLast(panel: Panel): void {
  const items = panel.session.view?.turns.flatMap((turn) => turn.items) ?? [];
  const last = items.findLast((item) => item.type === "userMessage");
  if (last?.type !== "userMessage") return;
  panel.setDraft(draftOf(last.content));
  void panel.deck?.updateComplete.then(() => panel.composer?.focusText());
}

async function attach(panel: Panel): Promise<void> {
  const { paths } = await panel.session.ask("editor/pickFiles", {});
  const attachments = paths.map((path) => ({
    kind: "mention" as const,
    name: path.split(/[/\\]/).at(-1) ?? path,
    path,
  }));
  if (attachments.length > 0) panel.setDraft(joinDrafts(panel.draft, { text: "", attachments }));
  panel.composer?.focusText();
}

function showApproval(panel: Panel): void {
  const row = panel.approvalRow;
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector<HTMLElement>(".approval")?.focus({ preventScroll: true });
}

function showThread(panel: Panel): void {
  panel.show("thread");
  void panel.updateComplete.then(() => panel.composer?.focusText());
}
