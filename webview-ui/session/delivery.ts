import type { PendingApproval } from "../../src/protocol/threadView.ts";
import type { Editing } from "./editing.ts";

/** How a message reaches the agent while a turn runs: when the turn has ended, or before its next step. */
export type Delivery = "queue" | "steer";

/** What sending does with the message being written. */
export type SendAct =
  /** Starts a turn. */
  | "send"
  | Delivery
  /** Answers the question that waits: no, and why. */
  | "deny"
  /** Gives a waiting message its new text. */
  | "save"
  /** Takes back an earlier message and all that followed, and says this instead. */
  | "replace";

export type SendKey = "enter" | "ctrlEnter";

interface Moment {
  editing: Editing | undefined;
  approval: PendingApproval | undefined;
  turnRuns: boolean;
  /** What the user has set for Enter while a turn runs. */
  onEnter: Delivery;
}

/** What each of the two keys does now. */
export function sendActs({ editing, approval, turnRuns, onEnter }: Moment): Record<SendKey, SendAct> {
  if (editing) {
    const act = editing.kind === "waiting" ? "save" : "replace";
    return { enter: act, ctrlEnter: act };
  }
  if (!turnRuns) return { enter: "send", ctrlEnter: "send" };
  return { enter: approval ? "deny" : onEnter, ctrlEnter: onEnter === "queue" ? "steer" : "queue" };
}
