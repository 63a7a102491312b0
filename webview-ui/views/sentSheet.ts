import type { WhichSent } from "./sentContext.ts";

export interface SentSheetOptions {
  /** Resolves when the page shows it. */
  redraw(): Promise<unknown>;
  /** Gives the focus away when what had it before is gone. */
  focusElsewhere(): void;
}

/** What was sent, laid over the thread, which stays as it is below. */
export class SentSheet {
  readonly #options: SentSheetOptions;
  /** What is shown, and what had the focus before. */
  #open: { which: WhichSent; before: Element | null } | undefined;

  constructor(options: SentSheetOptions) {
    this.#options = options;
  }

  /** Undefined while nothing lies over the thread. */
  get which(): WhichSent | undefined {
    return this.#open?.which;
  }

  show(which: WhichSent): void {
    this.#open = { which, before: document.activeElement };
    void this.#options.redraw();
  }

  /** Takes it away, and gives the focus back. */
  async hide(): Promise<void> {
    const before = this.#open?.before;
    this.drop();
    await this.#options.redraw();
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    else this.#options.focusElsewhere();
  }

  /** What lies below it goes, so it does, too. */
  drop(): void {
    this.#open = undefined;
  }
}
