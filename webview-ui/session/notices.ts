import type { Draft } from "./draft.ts";

/** Something to know, until the user dismisses it. */
export interface Notice {
  text: string;
  /** Set for what concerns this thread alone. */
  threadId?: string | undefined;
  remedy?: "newThread" | undefined;
  /** A thread that another program has open: a copy of it can be gone on with. */
  copyOf?: string | undefined;
  /** Set when files or thread were taken back: how that is undone. */
  restored?: Restored | undefined;
}

/** A restoring that can be undone. */
export interface Restored {
  checkpointId: string;
  files: boolean;
  thread: boolean;
  /** The composer before the message was put back into it, and with it. */
  draft?: { before: Draft; after: Draft } | undefined;
}

/** What went wrong or should be known, the newest last. */
export class Notices {
  #all: readonly Notice[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get all(): readonly Notice[] {
    return this.#all;
  }

  /** The same words are said once; a restoring takes the place of the one before it. */
  add(notice: Notice): void {
    if (notice.restored) this.#all = this.#all.filter(({ restored }) => !restored);
    if (!this.#all.some(({ text }) => text === notice.text)) this.#all = [...this.#all, notice];
    this.#changed();
  }

  dismiss(text: string): void {
    this.#all = this.#all.filter((other) => other.text !== text);
    this.#changed();
  }

  /** What concerned this thread alone goes with it. */
  leaveThread(id: string | undefined): void {
    this.#all = this.#all.filter(({ threadId }) => threadId === undefined || threadId !== id);
  }
}
