import type { ThreadView } from "../../src/protocol/threadView.ts";
import { type Draft, isEmpty, joinDrafts, sameDraft } from "./draft.ts";

/** What the composer changes, instead of writing a new message. */
export type Editing = {
  threadId: string;
  /** What the message was when it was taken into the composer. */
  original: Draft;
  /** What was being written before, which comes back afterwards. */
  before: Draft;
} & (
  | /** A message that waits or steers. */ { kind: "waiting"; id: string }
  | /** The message that a turn began with. */ { kind: "message"; turnId: string }
);

/** False once the message that is edited is no longer there to be changed: it was read, deleted or taken back. */
export function canStillEdit(editing: Editing, view: ThreadView | undefined): boolean {
  if (view?.thread.id !== editing.threadId) return false;
  return editing.kind === "waiting"
    ? view.queue.some(({ id }) => id === editing.id)
    : view.turns.some(({ id }) => id === editing.turnId);
}

/** What the composer holds when an edit cannot go on: what was changed is kept, beside what was written before. */
export function afterEdit({ before, original }: Editing, draft: Draft): Draft {
  if (sameDraft(draft, original) || isEmpty(draft)) return before;
  return joinDrafts(draft, before);
}
