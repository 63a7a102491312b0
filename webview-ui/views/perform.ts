import type { Action } from "../actions.ts";
import { type Draft, draftOf, emptyDraft, joinDrafts } from "../session/draft.ts";
import { messageOf } from "../session/panelSession.ts";
import { t } from "../strings.ts";
import type { App } from "./app.ts";

/** Does what the user asked for. Rejects when it failed; the caller tells the user. */
export async function perform(app: App, action: Action): Promise<void> {
  const { session } = app;
  switch (action.kind) {
    case "send":
      return send(app, action.draft);
    case "compose":
      return app.setDraft(action.draft);
    case "editLast":
      return editLast(app);
    case "stopTurn":
      return session.stopTurn();
    case "allow":
      return session.answer(action.approval, { decision: action.scope === "session" ? "acceptForSession" : "accept" });
    case "deny":
      return session.answer(action.approval, { decision: "decline" });
    case "denyAndStop":
      return session.answer(action.approval, { decision: "cancel" });
    case "denyWithFeedback":
      return app.composer?.focusText();
    case "showApproval":
      return showApproval(app);
    case "attach":
      return attach(app);
    case "pickModel":
      return app.deck?.openModels();
    case "setModel":
      return session.setModel(action.model, action.effort);
    case "setMode":
      return session.setMode(action.mode);
    case "newThread":
      session.newThread();
      return showThread(app);
    case "openThread":
      showThread(app);
      return session.openThread(action.threadId);
    case "showHistory":
      return app.show("history");
    case "showThread":
      return showThread(app);
    case "renameThread":
      return session.renameThread(action.threadId, action.name);
    case "putAway":
      return session.putAway(action.threadId, action.how);
    case "dismissNotice":
      return session.dismiss(action.text);
    case "restart":
      return app.connect();
    default:
      return askShell(app, action);
  }
}

type ShellAction = Extract<
  Action,
  | { kind: "openFile" | "openLink" | "showDiff" | "showTerminal" | "copy" }
  | { kind: "enterKey" | "startDemo" | "manageTrust" | "openSettings" }
>;

/** What only the editor around the panel can do. */
async function askShell({ session, announce }: App, action: ShellAction): Promise<void> {
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

/** With a question open, what is written is the reason for saying no. What is not sent stays in the composer. */
async function send(app: App, draft: Draft): Promise<void> {
  const { session, approval } = app;
  const fromComposer = draft === app.draft;
  if (approval && fromComposer && draft.text.trim() !== "") {
    session.answer(approval, { decision: "decline", feedback: draft.text.trim() });
    return app.setDraft({ ...emptyDraft, attachments: draft.attachments });
  }
  if (app.turnRuns) return app.setNote(t("turnRuns"));
  if (session.hasKey === false) return app.setNote(t("needsKey"));
  if (fromComposer) app.setDraft(emptyDraft);
  try {
    await session.send(draft);
    app.transcript?.follow();
  } catch (error) {
    app.setDraft(joinDrafts(draft, app.draft));
    app.setNote(t("sendFailed", { text: messageOf(error) }));
  }
}

function editLast(app: App): void {
  const items = app.session.view?.turns.flatMap((turn) => turn.items) ?? [];
  const last = items.findLast((item) => item.type === "userMessage");
  if (last?.type !== "userMessage") return;
  app.setDraft(draftOf(last.content));
  void app.deck?.updateComplete.then(() => app.composer?.focusText());
}

async function attach(app: App): Promise<void> {
  const { paths } = await app.session.ask("editor/pickFiles", {});
  const attachments = paths.map((path) => ({
    kind: "mention" as const,
    name: path.split(/[/\\]/).at(-1) ?? path,
    path,
  }));
  if (attachments.length > 0) app.setDraft(joinDrafts(app.draft, { text: "", attachments }));
  app.composer?.focusText();
}

function showApproval(app: App): void {
  const row = app.approvalRow;
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector<HTMLElement>(".approval")?.focus({ preventScroll: true });
}

function showThread(app: App): void {
  app.show("thread");
  void app.updateComplete.then(() => app.composer?.focusText());
}
