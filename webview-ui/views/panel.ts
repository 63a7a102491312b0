import type { PendingApproval } from "../../src/protocol/threadView.ts";
import type { Action } from "../actions.ts";
import type { Composer } from "../deck/composer.ts";
import type { Deck } from "../deck/deck.ts";
import type { ApprovalRow } from "../rows/approval.ts";
import type { SendAct, SendKey } from "../session/delivery.ts";
import type { PanelSession } from "../session/panelSession.ts";
import type { Writing } from "../session/writing.ts";
import type { Transcript } from "../thread/transcript.ts";
import type { SentSheet } from "./sentSheet.ts";

/** What the panel shows. */
export type Place = "thread" | "history" | "rules";

/** What an action may touch: the session, the message being written, and the parts that are on the page now. */
export interface Panel {
  readonly session: PanelSession;
  readonly place: Place;
  readonly writing: Writing;
  readonly sent: SentSheet;
  readonly approval: PendingApproval | undefined;
  readonly turnRuns: boolean;
  readonly sendActs: Record<SendKey, SendAct>;
  /** The open thread's title. */
  readonly threadTitle: string;
  readonly transcript: Transcript | null;
  readonly composer: Composer | null;
  readonly deck: Deck | null;
  /** The question that waits in the open thread, as the row that shows it. */
  readonly approvalRow: ApprovalRow | null;
  readonly updateComplete: Promise<boolean>;
  show(place: Place): void;
  /** The user has read that there is no sandbox: it is not said again in this window. */
  readNoSandbox(): void;
  /** Once it is on the page, where another view may have been. */
  focusComposer(): Promise<void>;
  /** Says it to a screen reader's user. */
  announce(text: string): void;
  /** Does what the user asked for, and says so when it failed. */
  act(action: Action): void;
  /** Begins a session, the first one or the next after the agent stopped. */
  connect(): void;
}
