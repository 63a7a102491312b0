import { html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Checkpoint } from "../../src/protocol/review.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import { type Retry, runningTurn, type ThreadView } from "../../src/protocol/threadView.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import { newestEditId, type RowKind } from "../rows/model.ts";
import type { RowContext, RowElement } from "../rows/row.ts";
import type { Changes } from "../session/frame.ts";
import type { OpenThread } from "../session/openThread.ts";
import { chordOf } from "../shell/keys.ts";
import { t } from "../strings.ts";
import { forkMark, lastCopiedTurn } from "./forkMark.ts";
import { restoreMark } from "./restoreMark.ts";
import { EndFollower } from "./scroll.ts";
import { steeringCard, steeringOf, steeringWords } from "./steering.ts";
import type { TurnElement } from "./turn.ts";

/** Items on the page at first, and how many more each time the user reaches the top. */
const MOUNTED_ITEMS = 80;

/** The thread: its turns, the newest at the end. */
export class Transcript extends PanelElement {
  static override properties = {
    view: { attribute: false },
    context: { attribute: false },
    origin: { attribute: false },
    restored: { attribute: false },
    mounted: { state: true },
  };
  declare view: ThreadView;
  /** The thread that this one is a copy of. */
  declare origin: OpenThread["origin"];
  /** The restoring that the thread's end offers to undo. */
  declare restored: Checkpoint | undefined;
  declare context: RowContext;
  declare mounted: number;
  #follower: EndFollower | undefined;
  #sizes: ResizeObserver | undefined;
  #items = 0;
  #retry: { value: Retry; since: number } | undefined;

  constructor() {
    super();
    this.mounted = MOUNTED_ITEMS;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#sizes = undefined;
    this.#follower = undefined;
  }

  /** Redraws what changed and nothing else. */
  apply(changes: Changes): void {
    if (changes.panel || changes.thread || changes.turns.size > 0) this.requestUpdate();
    for (const turnId of changes.turns) this.#turn(turnId)?.requestUpdate();
    for (const [itemId, turnId] of changes.items) {
      const turn = this.#turn(turnId);
      if (turn && !changes.turns.has(turnId) && !turn.touch(itemId)) turn.requestUpdate();
    }
  }

  /** After something changed that rows read elsewhere. */
  redrawRows(): void {
    for (const row of this.querySelectorAll<RowElement<RowKind>>(".row")) row.requestUpdate();
  }

  follow(): void {
    this.#follower?.follow();
  }

  hold(): void {
    this.#follower?.hold();
  }

  /** Enters the rows at the end. */
  focusLastRow(): void {
    [...this.querySelectorAll<HTMLElement>("[data-row]")].at(-1)?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#keepMounted();
    const before = changed.get("view") as ThreadView | undefined;
    if (changed.has("view") && before?.thread.id !== this.view.thread.id) this.mounted = MOUNTED_ITEMS;
    const retry = this.view.retry;
    if (retry !== this.#retry?.value) this.#retry = retry && { value: retry, since: Date.now() };
  }

  protected override render(): unknown {
    const { turns } = this.view;
    const newestEdit = newestEditId(turns);
    const { shown, hasMore } = this.#mountedTurns(turns);
    const copied = lastCopiedTurn(this.view);
    return html`<div class="thread-scroll" role="log" aria-live="off" aria-label=${t("threadLog")} tabindex="0" data-testid="thread"
      @keydown=${this.#onKey} @scroll=${this.#onScroll}>
      <div class="thread">
        ${hasMore ? html`<button class="link-button older" data-testid="older" @click=${this.#more}>${t("olderRows")}</button>` : nothing}
        ${repeat(
          shown,
          ({ turn }) => turn.id,
          ({
            turn,
            rows,
          }) => html`<pw-turn data-turn-id=${turn.id} .view=${this.view} .turn=${turn} .context=${this.context}
            .newestEdit=${newestEdit} .changes=${this.view.changes} .mountedRows=${rows} .isLast=${turn === turns.at(-1)} .retrySince=${this.#retry?.since ?? 0}></pw-turn>
            ${turn.id === copied ? forkMark(this, this.origin) : nothing}`,
        )}
        ${this.restored ? restoreMark(this, this.restored) : nothing}${this.#steering()}
      </div>
    </div>
    ${
      this.#follower && !this.#follower.following
        ? html`<button class="latest" data-testid="latest" @click=${() => this.follow()}>${icon("arrow-down")}${t("latest")}</button>`
        : nothing
    }`;
  }

  #steering(): unknown {
    const steering = steeringOf(this.view);
    if (steering.length === 0) return nothing;
    const words = steeringWords(runningTurn(this.view), { asks: this.view.approvals.length > 0 });
    return html`<div class="steering-list">
      ${repeat(
        steering,
        ({ id }) => id,
        (submission) => steeringCard(this, submission, words),
      )}
    </div>`;
  }

  protected override firstUpdated(): void {
    const scroller = this.#scroller;
    const content = scroller?.firstElementChild;
    if (!scroller || !content) return;
    this.#follower = new EndFollower(scroller, () => this.requestUpdate());
    this.#sizes = new ResizeObserver(() => this.#follower?.keep());
    this.#sizes.observe(content);
    this.#sizes.observe(scroller);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get("view") as ThreadView | undefined;
    if (changed.has("view") && before?.thread.id !== this.view.thread.id) this.follow();
  }

  get #scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".thread-scroll");
  }

  /** What the user reads further up stays on the page while new items come in below. */
  #keepMounted(): void {
    const items = this.view.turns.reduce((sum, turn) => sum + turn.items.length + 1, 0);
    if (this.#follower && !this.#follower.following) this.mounted += Math.max(0, items - this.#items);
    this.#items = items;
  }

  #turn(turnId: string): TurnElement | null {
    return this.querySelector<TurnElement>(`[data-turn-id="${CSS.escape(turnId)}"]`);
  }

  /** The last turns that hold the mounted items; the first of them may be on the page in part. */
  #mountedTurns(turns: readonly Turn[]): { shown: { turn: Turn; rows: number }[]; hasMore: boolean } {
    const shown: { turn: Turn; rows: number }[] = [];
    let left = this.mounted;
    for (const turn of turns.toReversed()) {
      if (left <= 0) break;
      shown.unshift({ turn, rows: turn.items.length + 1 <= left ? Number.POSITIVE_INFINITY : left });
      left -= turn.items.length + 1;
    }
    return { shown, hasMore: left < 0 || shown.length < turns.length };
  }

  #more = (): void => {
    const scroller = this.#scroller;
    if (scroller && scroller.scrollTop === 0) scroller.scrollTop = 1;
    this.mounted += MOUNTED_ITEMS;
  };

  #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller && scroller.scrollTop < 200 && this.querySelector(".older") && !this.#follower?.following)
      this.#more();
  };

  #onKey = (event: KeyboardEvent): void => {
    const rows = [...this.querySelectorAll<HTMLElement>("[data-row]")];
    const at = rows.indexOf(event.target as HTMLElement);
    const chord = chordOf(event);
    if (chord === "Ctrl+ArrowUp" && at < 0) this.focusLastRow();
    else if (at < 0) return;
    else if (chord === "ArrowUp") rows[at - 1]?.focus();
    else if (chord === "ArrowDown") rows[at + 1]?.focus();
    else if (chord === "ArrowLeft") setOpen(rows[at], "false");
    else if (chord === "ArrowRight") setOpen(rows[at], "true");
    else return;
    event.preventDefault();
  };
}
customElements.define("pw-transcript", Transcript);

function setOpen(row: HTMLElement | undefined, expanded: "true" | "false"): void {
  const state = row?.getAttribute("aria-expanded");
  if (state && state !== expanded) row?.click();
}
