import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { QueuedSubmission } from "../../src/protocol/queue.ts";
import { act } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import { draftOf, lineOf } from "../session/draft.ts";
import { chordOf } from "../shell/keys.ts";
import { t } from "../strings.ts";

/** The messages that wait until the turn has ended, in the order in which they are sent. */
export class QueueBlock extends PanelElement {
  static override properties = {
    waiting: { attribute: false, hasChanged: differ },
    turnRuns: { attribute: false },
    edited: { attribute: false },
    order: { state: true },
  };
  declare waiting: readonly QueuedSubmission[];
  declare turnRuns: boolean;
  /** The one that the composer holds for editing. */
  declare edited: string | undefined;
  /** The ids in the order that the user gives them, until the server tells what waits. */
  declare order: readonly string[] | undefined;
  #dragged: string | undefined;
  /** The order that the server was asked for last, until it tells what waits. */
  #asked: readonly string[] | undefined;
  /** The item that gets the focus when the one that has it moves or goes. */
  #focusNext: string | undefined;

  constructor() {
    super();
    this.waiting = [];
    this.turnRuns = false;
    this.order = undefined;
  }

  protected override render(): unknown {
    const items = this.#ordered();
    if (items.length === 0) return nothing;
    return html`<section class="queue" aria-label=${t("queueList")} data-testid="queue">
      ${this.#heading(items.length)}
      <ul class="queue-items" @pointermove=${this.#drag} @pointerup=${this.#drop} @pointercancel=${this.#letGo}
        @keydown=${this.#onKey}>
        ${repeat(
          items,
          ({ id }) => id,
          (item, at) => this.#item(item, at, items.length),
        )}
      </ul>
    </section>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("waiting")) return;
    this.#asked = undefined;
    if (this.#dragged === undefined) this.order = undefined;
  }

  protected override updated(): void {
    const id = this.#focusNext;
    if (id === undefined || this.contains(document.activeElement)) return;
    this.#focusNext = undefined;
    if (document.activeElement === document.body) this.#element(id)?.focus();
  }

  #heading(count: number): TemplateResult {
    if (this.turnRuns) return html`<div class="queue-head"><h2 class="ellipsis">${t("queued")}</h2></div>`;
    return html`<div class="queue-head">
      <h2 class="ellipsis">${t("queueWaits", { count })}</h2>
      <button class="button small secondary" title=${t("queueSend")} data-testid="queue-send"
        @click=${() => act(this, { kind: "startWaiting" })}>${t("send")}</button>
    </div>`;
  }

  #item({ id, input }: QueuedSubmission, at: number, count: number): TemplateResult {
    const draft = draftOf(input);
    const text = lineOf(draft);
    const isEdited = this.edited === id;
    const name = t("queueItem", { at: at + 1, count, text });
    return html`<li class="queue-item ${this.#dragged === id ? "dragged" : ""}" tabindex="0" data-id=${id} data-testid="queue-item"
      aria-label=${name} aria-description=${t("queueKeys")}>
      <span class="grip" title=${t("moveItem")} data-testid="queue-grip" @pointerdown=${(event: PointerEvent) => this.#grab(event, id)}>
        ${icon("gripper")}
      </span>
      <span class="queue-number">${at + 1}</span>
      <span class="queue-text ellipsis" data-testid="queue-text" title=${draft.text}>${text}</span>
      ${draft.attachments.length > 0 && draft.text.trim() !== "" ? icon("attach", "queue-attached") : nothing}
      ${isEdited ? html`<span class="meta">${t("beingEdited")}</span>` : this.#actions(id)}
    </li>`;
  }

  #actions(id: string): TemplateResult {
    const use = this.turnRuns ? "steer" : "sendNow";
    return html`<span class="queue-actions">
      <button class="text-button" title=${this.turnRuns ? t("steerHint") : nothing} data-testid="queue-use"
        @click=${() => act(this, { kind: "startWaiting", id })}>${t(use)}</button>
      <button class="icon-button" title=${t("editItem")} aria-label=${t("editItem")} data-testid="queue-edit"
        @click=${() => act(this, { kind: "editWaiting", id })}>${icon("edit")}</button>
      <button class="icon-button" title=${t("deleteItem")} aria-label=${t("deleteItem")} data-testid="queue-delete"
        @click=${() => this.#delete(id)}>${icon("trash")}</button>
    </span>`;
  }

  /** Those that are in an order which the user gives them just now, in that one. */
  #ordered(): QueuedSubmission[] {
    const { order } = this;
    if (!order) return [...this.waiting];
    const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
    return this.waiting.toSorted((a, b) => place(a.id) - place(b.id));
  }

  #ids(): string[] {
    return this.#ordered().map(({ id }) => id);
  }

  #element(id: string): HTMLElement | null {
    return this.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  /** The pointer is kept by the list: an item that moves would lose it. */
  #grab(event: PointerEvent, id: string): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.querySelector("ul")?.setPointerCapture(event.pointerId);
    this.#dragged = id;
    this.order = this.#ids();
  }

  #drag = (event: PointerEvent): void => {
    const id = this.#dragged;
    if (id === undefined) return;
    const over = [...this.querySelectorAll<HTMLElement>("li")].findIndex(
      (item) => event.clientY < item.getBoundingClientRect().bottom,
    );
    this.order = movedTo(this.#ids(), id, over < 0 ? this.waiting.length - 1 : over);
  };

  #drop = (): void => {
    if (this.#dragged === undefined) return;
    this.#dragged = undefined;
    this.#keepOrder();
  };

  #letGo = (): void => {
    this.#dragged = undefined;
    this.order = this.#asked;
  };

  #refused = (): void => {
    this.#asked = undefined;
    this.#letGo();
  };

  #keepOrder(): void {
    const ids = this.#ids();
    const known = this.#asked ?? this.waiting.map(({ id }) => id);
    if (ids.every((id, at) => known[at] === id)) this.#letGo();
    else {
      this.#asked = ids;
      act(this, { kind: "reorderWaiting", ids, refused: this.#refused });
    }
  }

  #delete(id: string): void {
    const ids = this.#ids();
    const at = ids.indexOf(id);
    this.#focusNext = ids[at + 1] ?? ids[at - 1];
    if (this.#focusNext === undefined) act(this, { kind: "focusComposer" });
    act(this, { kind: "deleteWaiting", id });
  }

  #onKey = (event: KeyboardEvent): void => {
    const chord = chordOf(event);
    if (chord === "Escape" && this.#dragged !== undefined) this.#letGo();
    else if (!this.#onItem(chord, event.target as HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** False when the key means nothing on the item, or something in it has the focus. */
  #onItem(chord: string, { dataset: { id } }: HTMLElement): boolean {
    if (id === undefined) return false;
    const ids = this.#ids();
    const at = ids.indexOf(id);
    if (chord === "Alt+ArrowUp") this.#move(id, at - 1);
    else if (chord === "Alt+ArrowDown") this.#move(id, at + 1);
    else if (chord === "ArrowUp") this.#element(ids[at - 1] ?? id)?.focus();
    else if (chord === "ArrowDown") this.#element(ids[at + 1] ?? id)?.focus();
    else if (chord === "Enter") act(this, { kind: "editWaiting", id });
    else if (chord === "Delete") this.#delete(id);
    else return false;
    return true;
  }

  #move(id: string, to: number): void {
    if (to < 0 || to >= this.waiting.length) return;
    this.order = movedTo(this.#ids(), id, to);
    this.#focusNext = id;
    this.#keepOrder();
  }
}
customElements.define("pw-queue", QueueBlock);

/** The server tells of each change with new entries. */
function differ(now: readonly QueuedSubmission[], before: readonly QueuedSubmission[] | undefined): boolean {
  return now.length !== before?.length || now.some((submission, at) => submission !== before[at]);
}

function movedTo(ids: readonly string[], id: string, to: number): string[] {
  const rest = ids.filter((other) => other !== id);
  return rest.toSpliced(to, 0, id);
}
