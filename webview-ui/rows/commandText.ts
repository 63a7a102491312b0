import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";

/** A longer command is folded to this many rows of text. */
const FOLDED_ROWS = 3;

/** The command of a question: every character visible, wrapped, folded when long until the user has asked for all of it. */
export class CommandText {
  readonly #changed: () => void;
  #state: "unmeasured" | "folded" | "whole" = "unmeasured";
  #hiddenLines = 0;
  #text: string | undefined;
  #watch: ResizeObserver | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** True when no part of the command is out of sight. */
  get allShown(): boolean {
    return this.#state === "whole";
  }

  get lineCount(): number {
    return (this.#text ?? "").split("\n").length;
  }

  view(text: string): TemplateResult {
    if (text !== this.#text) {
      this.#text = text;
      this.#state = "unmeasured";
    }
    const folded = this.#state !== "whole";
    return html`<div class="command-block ${folded ? "folded" : ""}" data-testid="approval-command">
      <div class="command-lines">${text.split("\n").map((line) => html`<div class="command-line">${shownText(line)}</div>`)}</div>
      ${
        this.#state === "folded"
          ? html`<button class="fold-line" data-testid="show-all-lines" @click=${this.#unfold}>
              ${icon("unfold")}${this.#hiddenLines > 0 ? t("moreLines", { count: this.#hiddenLines }) : t("wholeLine")}
            </button>`
          : nothing
      }
    </div>`;
  }

  /** Folds the command when it is longer than what is shown. Waits for a layout when the panel has none yet. */
  measure(block: Element | null): void {
    if (this.#state !== "unmeasured" || !block) return;
    const lines = block.firstElementChild as HTMLElement;
    if (lines.clientHeight === 0) {
      this.#wait(block);
      return;
    }
    this.stop();
    const row = Number.parseFloat(getComputedStyle(lines).lineHeight);
    const limit = FOLDED_ROWS * row + 1;
    this.#state = lines.scrollHeight > limit ? "folded" : "whole";
    const bottom = lines.getBoundingClientRect().top + limit;
    this.#hiddenLines = [...lines.children].filter((line) => line.getBoundingClientRect().bottom > bottom).length;
    queueMicrotask(this.#changed);
  }

  stop(): void {
    this.#watch?.disconnect();
    this.#watch = undefined;
  }

  #unfold = (): void => {
    this.#state = "whole";
    this.#changed();
  };

  #wait(block: Element): void {
    if (this.#watch) return;
    this.#watch = new ResizeObserver(() => this.measure(block));
    this.#watch.observe(block);
  }
}
