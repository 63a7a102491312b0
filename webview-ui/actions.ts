import type { ApprovalAnswer } from "../src/protocol/approvals.ts";
import type { EditReview } from "../src/protocol/settings.ts";
import type { PendingApproval } from "../src/protocol/threadView.ts";
import type { SendKey } from "./session/delivery.ts";
import type { Draft } from "./session/draft.ts";
import type { Restored } from "./session/notices.ts";
import type { Selection } from "./session/review.ts";
import type { NetworkChoice, Preset } from "./session/settings.ts";

/** What a person can do in the panel. An element says which; the panel's root does it. */
export type Action =
  /** `key` is set for the message being written; any other draft simply starts a turn, in place of one that did nothing if `instead` names it. */
  | { kind: "send"; draft: Draft; key?: SendKey; instead?: string }
  | { kind: "compose"; draft: Draft }
  | { kind: "editLast" }
  | { kind: "editMessage"; turnId: string; draft: Draft }
  | { kind: "cancelEdit" }
  /** With `before` the copy ends before the turn, whose message is then in the composer; else after it. */
  | { kind: "fork"; turnId: string; before?: Draft }
  | { kind: "editWaiting"; id: string }
  /** Uses a waiting message now, the first unless one is named: it starts a turn or steers the one that runs. */
  | { kind: "startWaiting"; id?: string }
  | { kind: "deleteWaiting"; id: string }
  | { kind: "reorderWaiting"; ids: string[]; refused(): void }
  | { kind: "condense" }
  | { kind: "focusComposer" }
  | { kind: "stopTurn" }
  | { kind: "answer"; approval: PendingApproval; answer: ApprovalAnswer }
  | { kind: "denyWithFeedback" }
  | { kind: "showApproval" }
  | { kind: "openFile"; path: string; line?: number; column?: number }
  | { kind: "openLink"; url: string }
  | { kind: "showDiff"; itemId: string; path: string }
  | ReviewAction
  | { kind: "showTerminal"; itemId: string }
  | { kind: "copy"; text: string }
  | { kind: "attach" }
  | { kind: "enterKey" }
  | { kind: "startDemo" }
  | { kind: "manageTrust" }
  | { kind: "openFolder" }
  | { kind: "openSettings"; query: string }
  | { kind: "pickModel" }
  | { kind: "setModel"; model: string; effort: string | undefined }
  | { kind: "setPreset"; preset: Preset }
  | { kind: "setNetwork"; network: NetworkChoice }
  | { kind: "setEditReview"; editReview: EditReview }
  | { kind: "newThread" }
  | { kind: "openThread"; threadId: string }
  /** Goes on with a copy of a thread; `text` is the notice that offered it. */
  | { kind: "openCopy"; threadId: string; text: string }
  | { kind: "showHistory" }
  | { kind: "showRules" }
  /** Says what confines commands, or why nothing does. */
  | { kind: "showSandbox" }
  | { kind: "dismissNoSandbox" }
  | { kind: "showThread" }
  /** What was sent with this message of the user, or with the newest request. */
  | { kind: "showSent"; itemId?: string }
  | { kind: "hideSent" }
  | { kind: "renameThread"; threadId: string; name: string }
  | { kind: "putAway"; threadId: string; how: "archive" | "unarchive" | "delete" }
  | { kind: "dismissNotice"; text: string }
  | { kind: "restart" };

/** What a person can do with what the thread changed. */
export type ReviewAction =
  | { kind: "keepChanges"; selection: Selection }
  | { kind: "undoChanges"; selection: Selection }
  /** What to do with the places that the user changed further, which were not undone. */
  | { kind: "answerEdited"; answer: "undo" | "leave" }
  /** Goes through the changes in the editor, from this file on. */
  | { kind: "reviewChanges"; path: string }
  | { kind: "showChange"; path: string }
  | { kind: "showAllChanges" }
  /** Asks how to go back to before the message that a turn began with. */
  | { kind: "restore"; turnId: string; draft: Draft; anchor: HTMLElement }
  | { kind: "undoRestore"; text: string; restored: Restored };

const EVENT = "pw-action";

/** Sends an action up to the panel's root. */
export function act(from: Element, action: Action): void {
  from.dispatchEvent(new CustomEvent<Action>(EVENT, { detail: action, bubbles: true, composed: true }));
}

export function onActions(root: Element, perform: (action: Action) => void): void {
  root.addEventListener(EVENT, (event) => perform((event as CustomEvent<Action>).detail));
}
