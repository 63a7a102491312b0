import type { PendingApproval, ThreadView } from "../../src/protocol/threadView.ts";
import type { SendKey } from "./delivery.ts";
import { type Draft, emptyDraft } from "./draft.ts";
import { afterEdit, canStillEdit, type Editing } from "./editing.ts";

export interface WritingOptions {
  /** The question that waits in the open thread. */
  approval(): PendingApproval | undefined;
  onDraft(): void;
  onNote(): void;
}

/** A message that was sent by a key, which says how. */
export interface Pressed {
  readonly draft: Draft;
  readonly key: SendKey;
}

/** What is in the composer: a message being written, or one that is edited. */
export class Writing {
  draft: Draft = emptyDraft;
  /** What the composer changes, instead of writing a new message. */
  editing: Editing | undefined;
  /** A line below the message. */
  note = "";
  /** Messages on their way, which stay in the composer until the server has them: each is what stood there when its key was pressed. */
  pressed: readonly Pressed[] = [];
  /** The question that was open when the message was begun, or that the user was told it would deny: Enter then answers that one. */
  answers: PendingApproval["requestId"] | undefined;
  readonly #options: WritingOptions;

  constructor(options: WritingOptions) {
    this.#options = options;
  }

  /** Takes up what was in the composer before the panel was loaded. */
  restore({ draft, editing }: { draft?: Draft | undefined; editing?: Editing | undefined }): void {
    this.draft = draft ?? emptyDraft;
    this.editing = editing;
  }

  get isBlank(): boolean {
    return this.draft.text.trim() === "";
  }

  setDraft(draft: Draft): void {
    const { approval, onDraft } = this.#options;
    if (this.draft.text === "") this.answers = approval()?.requestId;
    this.draft = draft;
    this.note = "";
    onDraft();
  }

  setNote(note: string): void {
    this.note = note;
    this.#options.onNote();
  }

  /** Takes a message into the composer. */
  beginEdit(editing: Editing): void {
    this.editing = editing;
    this.setDraft(editing.original);
  }

  /** Goes on with writing a new message, which is this one. */
  endEdit(draft: Draft): void {
    this.editing = undefined;
    this.setDraft(draft);
  }

  /** Ends the edit of a message that may no longer be changed in this view; what was written is kept. True if it did. */
  endImpossibleEdit(view: ThreadView | undefined): boolean {
    if (!this.editing || canStillEdit(this.editing, view)) return false;
    this.endEdit(afterEdit(this.editing, this.draft));
    return true;
  }

  /** Another thread is open: what was edited in the one before is no longer there to be changed. */
  leaveThread(threadId: string | undefined): void {
    if (this.editing && this.editing.threadId !== threadId) this.endEdit(afterEdit(this.editing, this.draft));
  }
}
