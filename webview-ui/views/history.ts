import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { NotificationMethod } from "../../src/protocol/methods.ts";
import type { Thread } from "../../src/protocol/threads.ts";
import { waitsForUser } from "../../src/protocol/threadView.ts";
import { act } from "../actions.ts";
import { iconButton, textField } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { openMenu } from "../menu.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { type Key, t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import { periodOf } from "../words/when.ts";
import type { HistoryRow } from "./historyRow.ts";

/** After these the list is another one. */
const changesList = new Set<NotificationMethod>([
  "thread/status/changed",
  "thread/archived",
  "thread/unarchived",
  "thread/deleted",
]);

/** All threads, the ones that wait for the user first, then by when they were last worked on. */
export class History extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    threads: { state: true },
    term: { state: true },
    everywhere: { state: true },
    archived: { state: true },
    problem: { state: true },
  };
  declare session: PanelSession;
  declare threads: Thread[] | undefined;
  declare term: string;
  declare everywhere: boolean;
  declare archived: boolean;
  declare problem: string;
  #next: string | undefined;
  /** Counts requests, so that a slow answer does not replace a newer one. */
  #asked = 0;

  constructor() {
    super();
    this.term = "";
    this.everywhere = false;
    this.archived = false;
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-testid=search]")?.focus());
  }

  /** Reads the list from its beginning. */
  async load(cursor?: string): Promise<void> {
    const asked = ++this.#asked;
    const { term, everywhere, archived } = this;
    try {
      const answer = await this.session.listThreads({ searchTerm: term.trim(), everywhere, archived, cursor });
      if (asked !== this.#asked) return;
      this.threads = cursor ? [...(this.threads ?? []), ...answer.data] : answer.data;
      this.#next = answer.nextCursor ?? undefined;
      this.problem = "";
    } catch (error) {
      if (asked === this.#asked) this.problem = messageOf(error);
    }
  }

  /** Reads the list anew if what the server told changes it. */
  heard(method: NotificationMethod): void {
    if (changesList.has(method)) void this.load();
  }

  protected override render(): unknown {
    const count = this.threads?.length ?? 0;
    return html`<header class="header with-back">
        ${iconButton("arrow-left", { label: t("back"), testId: "back", onClick: () => act(this, { kind: "showThread" }) })}
        <h1 class="title-text">${t("threads")}</h1>
        <span class="grow"></span>
        ${iconButton("add", { label: t("newThreadAction"), testId: "new-thread", onClick: () => act(this, { kind: "newThread" }) })}
        ${iconButton("filter", { label: t("filterThreads"), testId: "filter", opensMenu: true, onClick: this.#filter })}
      </header>
      <main class="history" @keydown=${this.#onKey}>
        <div class="history-search">${textField({
          label: t("searchThreads"),
          value: this.term,
          testId: "search",
          glyph: "search",
          note: this.term.trim() ? t("threadCount", { count }) : "",
          onInput: this.#search,
        })}</div>
        ${this.problem ? html`<p class="history-empty" role="alert">${this.problem}</p>` : nothing}
        ${this.threads?.length === 0 ? html`<p class="history-empty" role="status">${this.#empty()}</p>` : nothing}
        ${this.#groups()}
        ${
          this.#next
            ? html`<button class="link-button history-more" data-testid="more-threads" @click=${() => this.load(this.#next)}>${t("moreThreads")}</button>`
            : nothing
        }
      </main>`;
  }

  #empty(): string {
    return this.term.trim() ? t("noThreadsFound", { term: this.term.trim() }) : t("noThreads");
  }

  #groups(): TemplateResult[] {
    const now = Date.now();
    const groups = Map.groupBy(
      this.threads ?? [],
      (thread): Key => (waitsForUser(thread.status) ? "needsYou" : periodOf(thread.updatedAt * 1000, now)),
    );
    const order = ["needsYou", "today", "yesterday", "lastWeek", "older"] as const;
    return order.flatMap((key) => {
      const threads = groups.get(key);
      return threads ? [this.#group(key, threads, now)] : [];
    });
  }

  #group(key: Key, threads: Thread[], now: number): TemplateResult {
    return html`<section class="history-group" data-testid="history-group">
      <h2>${t(key)}</h2>
      <ul>
        ${repeat(
          threads,
          ({ id }) => id,
          (
            thread,
          ) => html`<li><pw-history-row .thread=${thread} .now=${now} .term=${this.term.trim()} .archived=${this.archived}
            .isOpen=${thread.id === this.session.view?.thread.id}></pw-history-row></li>`,
        )}
      </ul>
    </section>`;
  }

  #search = (term: string): void => {
    this.term = term;
    void this.load();
  };

  #filter = (event: Event): void => {
    const choose = (change: () => void) => () => {
      change();
      void this.load();
    };
    openMenu(event.currentTarget as HTMLElement, {
      label: t("filterThreads"),
      items: [
        {
          label: t("thisFolder"),
          checked: !this.everywhere,
          testId: "filter-here",
          run: choose(() => (this.everywhere = false)),
        },
        {
          label: t("everyFolder"),
          checked: this.everywhere,
          testId: "filter-all",
          run: choose(() => (this.everywhere = true)),
        },
        { separator: true },
        {
          label: t("archived"),
          checked: this.archived,
          testId: "filter-archived",
          run: choose(() => (this.archived = !this.archived)),
        },
      ],
    });
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...this.querySelectorAll<HistoryRow>("pw-history-row")];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[event.key === "ArrowDown" ? at + 1 : at - 1];
    if (next) next.focusRow();
    else if (event.key === "ArrowUp") this.querySelector<HTMLElement>("[data-testid=search]")?.focus();
    event.preventDefault();
  };
}
customElements.define("pw-history", History);
