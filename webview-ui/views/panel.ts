import type { PendingApproval } from "../../src/protocol/threadView.ts";
import type { Composer } from "../deck/composer.ts";
import type { Deck } from "../deck/deck.ts";
import type { ApprovalRow } from "../rows/approval.ts";
import type { SendAct, SendKey } from "../session/delivery.ts";
import type { Draft } from "../session/draft.ts";
import type { Editing } from "../session/editing.ts";
import type { PanelSession } from "../session/panelSession.ts";
import type { Transcript } from "../thread/transcript.ts";
import type { WhichSent } from "./sentContext.ts";

/** What the panel shows. */
export type Place = "thread" | "history" | "rules";

/** What an action may touch: the session, the message being written, and the parts that are on the page now. */
export interface Panel {
  readonly session: PanelSession;
  readonly draft: Draft;
  readonly approval: PendingApproval | undefined;
  /** The question that was open when the message was begun, or that the user was told it would deny: Enter then answers that one. */
  draftAnswers: PendingApproval["requestId"] | undefined;
  readonly turnRuns: boolean;
  /** What the composer changes, instead of writing a new message. */
  readonly editing: Editing | undefined;
  readonly sendActs: Record<SendKey, SendAct>;
  /** The open thread's title. */
  readonly threadTitle: string;
  readonly transcript: Transcript | null;
  readonly composer: Composer | null;
  readonly deck: Deck | null;
  /** The question that waits in the open thread, as the row that shows it. */
  readonly approvalRow: ApprovalRow | null;
  readonly updateComplete: Promise<boolean>;
  setDraft(draft: Draft): void;
  /** Takes a message into the composer. */
  beginEdit(editing: Editing): void;
  /** Goes on with writing a new message, which is this one. */
  endEdit(draft: Draft): void;
  /** A line below the message. */
  setNote(note: string): void;
  show(place: Place): void;
  /** The user has read that there is no sandbox: it is not said again in this window. */
  readNoSandbox(): void;
  /** Lays what was sent over the thread, which stays as it is below. */
  showSent(which: WhichSent): void;
  hideSent(): void;
  /** Once it is on the page, where another view may have been. */
  focusComposer(): Promise<void>;
  /** Says it to a screen reader's user. */
  announce(text: string): void;
  /** Begins a session, the first one or the next after the agent stopped. */
  connect(): void;
}
