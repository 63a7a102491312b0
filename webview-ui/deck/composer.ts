import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { chip } from "../chip.ts";
import { PanelElement } from "../element.ts";
import type { SendKey } from "../session/delivery.ts";
import { type Draft, emptyDraft, isEmpty, joinDrafts } from "../session/draft.ts";
import { chordOf } from "../shell/keys.ts";
import { t } from "../strings.ts";

const MOST_LINES = 10;

/** Keys that are pressed together, and what they do. */
export interface Hint {
  keys: readonly string[];
  words: string;
}

/** Where a message is written. The text lives here; the panel's root is told of each change. */
export class Composer extends PanelElement {
  static override properties = {
    draft: { attribute: false },
    placeholder: { attribute: false },
    note: { attribute: false },
    hints: { attribute: false },
  };
  declare draft: Draft;
  declare placeholder: string;
  /** A line below the text, such as why it was not sent. */
  declare note: string;
  /** What the keys do that send. */
  declare hints: readonly Hint[];
  #sizes: ResizeObserver | undefined;

  constructor() {
    super();
    this.draft = emptyDraft;
    this.placeholder = "";
    this.note = "";
    this.hints = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    let width = 0;
    this.#sizes = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width !== width) this.#fit();
      width = entry?.contentRect.width ?? 0;
    });
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
  }

  focusText(): void {
    const field = this.#field;
    if (!field) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  get hasFocus(): boolean {
    return document.activeElement === this.#field;
  }

  /** Puts another draft before what is there. */
  insertDraft(draft: Draft): void {
    this.#change(joinDrafts(draft, this.draft));
  }

  protected override render(): unknown {
    const { text, attachments } = this.draft;
    return html`${
      attachments.length > 0
        ? html`<div class="chips composer-chips">${attachments.map((each, index) => chip(each, () => this.#remove(index)))}</div>`
        : nothing
    }
    <textarea class="composer-text" rows="1" .value=${text} placeholder=${this.placeholder} aria-label=${t("composer")}
      data-testid="composer" @input=${this.#onInput} @keydown=${this.#onKey}></textarea>
    ${this.hints.length > 0 ? html`<div class="hints composer-hints" data-testid="composer-hints">${this.hints.map(hintView)}</div>` : nothing}
    ${this.note ? html`<div class="composer-note" role="status" data-testid="composer-note">${this.note}</div>` : nothing}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("draft")) this.#fit();
  }

  get #field(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  #change(draft: Draft): void {
    act(this, { kind: "compose", draft });
  }

  #remove(index: number): void {
    this.#change({ ...this.draft, attachments: this.draft.attachments.filter((_, at) => at !== index) });
    this.focusText();
  }

  #onInput = (event: Event): void => {
    this.#change({ ...this.draft, text: (event.target as HTMLTextAreaElement).value });
  };

  /** While an input method composes, Enter belongs to it. */
  #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === 229) return;
    const key = sendKeys[chordOf(event)];
    const empty = isEmpty(this.draft);
    // With nothing to send, the other key may mean something else.
    if (!key || (empty && key !== "enter")) return;
    event.preventDefault();
    if (!empty) act(this, { kind: "send", draft: this.draft, key });
  };

  /** As high as its text, from 1 to 10 lines. */
  #fit(): void {
    const field = this.#field;
    if (!field) return;
    field.style.height = "auto";
    const line = Number.parseFloat(getComputedStyle(field).lineHeight) || 20;
    field.style.height = `${Math.min(field.scrollHeight, MOST_LINES * line)}px`;
    field.classList.toggle("scrolls", field.scrollHeight > MOST_LINES * line);
  }
}
customElements.define("pw-composer", Composer);

const sendKeys: Record<string, SendKey> = { Enter: "enter", "Ctrl+Enter": "ctrlEnter" };

function hintView({ keys, words }: Hint): TemplateResult {
  return html`<span class="hint">${keys.map((key) => html`<kbd>${key}</kbd>`)}<span>${words}</span></span>`;
}
