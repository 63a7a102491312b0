import type { PendingApproval } from "../src/protocol/threadView.ts";
import type { Draft } from "./session/draft.ts";
import type { PickableMode } from "./session/settings.ts";

/** What a person can do in the panel. An element says which; the panel's root does it. */
export type Action =
  | { kind: "send"; draft: Draft }
  | { kind: "compose"; draft: Draft }
  | { kind: "editLast" }
  | { kind: "stopTurn" }
  | { kind: "allow"; approval: PendingApproval; scope: "once" | "session" }
  | { kind: "deny"; approval: PendingApproval; feedback?: string }
  | { kind: "denyAndStop"; approval: PendingApproval }
  | { kind: "denyWithFeedback" }
  | { kind: "showApproval" }
  | { kind: "openFile"; path: string; line?: number; column?: number }
  | { kind: "openLink"; url: string }
  | { kind: "showDiff"; itemId: string; path: string }
  | { kind: "showTerminal"; itemId: string }
  | { kind: "copy"; text: string }
  | { kind: "attach" }
  | { kind: "enterKey" }
  | { kind: "startDemo" }
  | { kind: "manageTrust" }
  | { kind: "openSettings"; query: string }
  | { kind: "pickModel" }
  | { kind: "setModel"; model: string; effort: string | undefined }
  | { kind: "setMode"; mode: PickableMode }
  | { kind: "newThread" }
  | { kind: "openThread"; threadId: string }
  | { kind: "showHistory" }
  | { kind: "showThread" }
  /** What was sent with this message of the user, or with the newest request. */
  | { kind: "showSent"; itemId?: string }
  | { kind: "hideSent" }
  | { kind: "renameThread"; threadId: string; name: string }
  | { kind: "putAway"; threadId: string; how: "archive" | "unarchive" | "delete" }
  | { kind: "dismissNotice"; text: string }
  | { kind: "restart" };

const EVENT = "pw-action";

/** Sends an action up to the panel's root. */
export function act(from: Element, action: Action): void {
  from.dispatchEvent(new CustomEvent<Action>(EVENT, { detail: action, bubbles: true, composed: true }));
}

export function onActions(root: Element, perform: (action: Action) => void): void {
  root.addEventListener(EVENT, (event) => perform((event as CustomEvent<Action>).detail));
}
