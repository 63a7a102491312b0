import type { ItemOf } from "../../src/protocol/items.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { answerTo } from "../session/answers.ts";
import type { SendAct, SendKey } from "../session/delivery.ts";
import type { Draft } from "../session/draft.ts";
import { draftOf, emptyDraft, inputOf, isEmpty, joinDrafts, sameDraft, typedSince } from "../session/draft.ts";
import type { Editing } from "../session/editing.ts";
import { canStillEdit } from "../session/editing.ts";
import type { Pressed } from "../session/writing.ts";
import { type Key, t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import type { Panel } from "./panel.ts";

/** What is said aloud once the server has the message; a turn that begins says so itself. */
const taken: Partial<Record<SendAct, Key>> = { queue: "saidQueued", steer: "saidSteering", save: "saidSaved" };

/**
 * Does with the message being written what the key does now, or once the thread that it is for is open. It stays in the composer until the
 * server has it. What was typed behind it meanwhile and sent by a key follows it, unless the user has turned to another thread: then it stays there.
 */
export async function sendWritten(panel: Panel, draft: Draft, key: SendKey): Promise<void> {
  const { session, writing } = panel;
  const last = writing.pressed.at(-1);
  // A key that was pressed twice sends once.
  if (last ? sameDraft(last.draft, draft) : session.sending.active) return;
  writing.pressed = [...writing.pressed, { draft, key }];
  if (last) return;
  const isHere = placeOf(session);
  try {
    for (let next: Pressed | undefined = { draft, key }; next && isHere(); next = writing.pressed[0]) {
      if (!(await sendPressed(panel, next))) return;
      const { draft: sent } = next;
      writing.pressed = writing.pressed.slice(1).map((one) => ({ ...one, draft: typedSince(sent, one.draft) }));
    }
  } finally {
    writing.pressed = [];
  }
}

/** Tells whether the panel still has the thread that it has now, or the one that a message starts in its place. */
function placeOf({ thread }: Panel["session"]): () => boolean {
  const { wanted } = thread.openings;
  const id = thread.view?.thread.id;
  return () => thread.openings.wanted === wanted && (id === undefined || thread.view?.thread.id === id);
}

/** False when it was not sent. */
async function sendPressed(panel: Panel, { draft, key }: Pressed): Promise<boolean> {
  const { session, writing } = panel;
  const { sending, thread } = session;
  if (!(await thread.settled()) || sending.active) return false;
  const { editing } = writing;
  const act = panel.sendActs[key];
  if (act === "deny") {
    denyWith(panel, draft);
    return false;
  }
  if (session.account.hasKey === false) {
    writing.setNote(t("needsKey"));
    return false;
  }
  try {
    await deliver(panel, act, draft);
  } catch (error) {
    if (editing && !canStillEdit(editing, session.view)) writing.endEdit(joinDrafts(writing.draft, editing.before));
    writing.setNote(t("sendFailed", { text: messageOf(error) }));
    return false;
  }
  const rest = typedSince(draft, writing.draft);
  if (editing) writing.endEdit(joinDrafts(rest, editing.before));
  else writing.setDraft(isEmpty(rest) ? emptyDraft : rest);
  const said = taken[act];
  if (said) panel.announce(t(said));
  if (act !== "queue" && act !== "save") panel.transcript?.follow();
  return true;
}

async function deliver({ session, writing }: Panel, act: Exclude<SendAct, "deny">, draft: Draft): Promise<void> {
  const { editing } = writing;
  if (act === "save" && editing?.kind === "waiting") {
    await session.thread.request("thread/queue/update", { queuedSubmissionId: editing.id, input: inputOf(draft) });
  } else if (act === "replace" && editing?.kind === "message") await session.sending.sendInstead(editing.turnId, draft);
  else await session.sending.send(draft, act === "steer" ? "steer" : "queue");
}

/** Starts a turn with a message that a button stands for. One that is not taken goes to the composer. */
export async function sendReady(panel: Panel, draft: Draft, instead?: string): Promise<void> {
  const { session, writing } = panel;
  // The second click of a double click.
  if (session.sending.active || panel.turnRuns) return;
  if (session.account.hasKey === false) return writing.setNote(t("needsKey"));
  try {
    if (instead) await session.sending.sendInstead(instead, draft);
    else await session.sending.send(draft, "queue");
    panel.transcript?.follow();
  } catch (error) {
    writing.setDraft(joinDrafts(draft, writing.draft));
    writing.setNote(t("sendFailed", { text: messageOf(error) }));
  }
}

/** With a question open, what is written is the reason for saying no; what was begun before it is only after a second Enter. */
function denyWith(panel: Panel, draft: Draft): void {
  const { session, approval, writing } = panel;
  if (!approval || draft.text.trim() === "") return;
  if (writing.answers !== approval.requestId) {
    writing.answers = approval.requestId;
    writing.setNote(t("enterDenies"));
  } else {
    session.approvals.answer(approval, answerTo(approval, { kind: "deny", feedback: draft.text.trim() }));
    writing.setDraft({ ...emptyDraft, attachments: draft.attachments });
  }
}

/** Takes the message that was sent last into the composer: one that waits, else the one that the last turn began with. */
export function editLast(panel: Panel): void {
  const { view } = panel.session;
  const waiting = view?.queue.at(-1);
  const opener = lastOpener(view?.turns ?? []);
  if (waiting) editWaiting(panel, waiting.id);
  else if (opener) editMessage(panel, opener.turnId, draftOf(opener.item.content));
}

/** The message that the last turn with one began with. */
function lastOpener(turns: readonly Turn[]): { turnId: string; item: ItemOf<"userMessage"> } | undefined {
  return turns
    .flatMap(({ id, items }) => {
      const item = items.find((each) => each.type === "userMessage");
      return item ? [{ turnId: id, item }] : [];
    })
    .at(-1);
}

export function editMessage(panel: Panel, turnId: string, draft: Draft): void {
  beginEdit(panel, draft, { kind: "message", turnId });
}

export function editWaiting(panel: Panel, id: string): void {
  const waiting = panel.session.view?.queue.find((submission) => submission.id === id);
  if (waiting) beginEdit(panel, draftOf(waiting.input), { kind: "waiting", id });
}

function beginEdit(
  panel: Panel,
  original: Draft,
  what: { kind: "waiting"; id: string } | { kind: "message"; turnId: string },
): void {
  const threadId = panel.session.view?.thread.id;
  if (threadId === undefined) return;
  const { writing } = panel;
  const before = writing.editing ? writing.editing.before : writing.draft;
  const editing: Editing = { threadId, original, before, ...what };
  writing.beginEdit(editing);
  void panel.deck?.updateComplete.then(() => panel.composer?.focusText());
}

export async function fork(panel: Panel, turnId: string, before: Draft | undefined): Promise<void> {
  const { session, writing } = panel;
  const title = panel.threadTitle;
  await session.thread.fork(before ? { beforeTurnId: turnId } : { lastTurnId: turnId });
  if (before) writing.setDraft(joinDrafts(before, writing.draft));
  writing.setNote(t(before ? "forkedBefore" : "forkedAfter", { title }));
  panel.composer?.focusText();
}

export async function deleteWaiting(panel: Panel, id: string): Promise<void> {
  const { deleted } = await panel.session.thread.request("thread/queue/delete", { queuedSubmissionId: id });
  panel.announce(t(deleted ? "saidDeleted" : "saidRead"));
}

export async function startWaiting(panel: Panel, id: string | undefined): Promise<void> {
  const steers = panel.turnRuns;
  await panel.session.thread.request("thread/queue/start", { queuedSubmissionId: id ?? null });
  if (steers) panel.announce(t("saidSteering"));
  panel.transcript?.follow();
}

export async function reorderWaiting(panel: Panel, ids: string[], refused: () => void): Promise<void> {
  try {
    await panel.session.thread.request("thread/queue/reorder", { queuedSubmissionIds: ids });
  } catch (error) {
    refused();
    throw error;
  }
  panel.announce(t("saidReordered"));
}

export async function condense(panel: Panel): Promise<void> {
  const waits = panel.turnRuns;
  await panel.session.thread.request("thread/compact/start", {});
  if (waits) panel.writing.setNote(t("condensesSoon"));
}
