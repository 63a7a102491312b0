import type { Action } from "../actions.ts";
import type { PanelSession } from "../session/panelSession.ts";

const kinds = ["setModel", "setPreset", "setNetwork", "setEditReview"] as const;
type Choice = Extract<Action, { kind: (typeof kinds)[number] }>;

export function isChoice(action: Action): action is Choice {
  return (kinds as readonly Action["kind"][]).includes(action.kind);
}

/**
 * Chooses what the next message is sent with: for the open thread, or for the one that is being opened or started just now, once it is. What
 * was chosen for a thread that does not open holds for no other.
 */
export async function choose({ choices, thread }: PanelSession, action: Choice): Promise<void> {
  if (!(await thread.settled())) return;
  switch (action.kind) {
    case "setModel":
      return choices.setModel(action.model, action.effort);
    case "setPreset":
      return choices.setPreset(action.preset);
    case "setNetwork":
      return choices.setNetwork(action.network);
    case "setEditReview":
      return choices.setEditReview(action.editReview);
    default:
      action satisfies never;
  }
}
