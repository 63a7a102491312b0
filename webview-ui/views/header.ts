import { html, type TemplateResult } from "lit";
import type { Thread } from "../../src/protocol/threads.ts";
import { act } from "../actions.ts";
import { button, iconButton, textField } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import { type Menu, openMenu } from "../menu.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { t } from "../strings.ts";
import { titleOf } from "../words/titles.ts";

/** How many threads the title offers to switch to. */
const RECENT = 6;

/** The thread's title, which opens the recent threads, and the buttons beside it. */
export class Header extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    name: { attribute: false },
    renaming: { state: true },
  };
  declare session: PanelSession;
  /** The title of the open thread; undefined before there is one. */
  declare name: string | undefined;
  declare renaming: string | undefined;

  constructor() {
    super();
    this.renaming = undefined;
  }

  protected override render(): unknown {
    return html`<header class="header">
      ${this.renaming === undefined ? this.#title() : this.#nameField(this.renaming)}
      <span class="grow"></span>
      ${iconButton("add", { label: t("newThreadAction"), testId: "new-thread", onClick: () => act(this, { kind: "newThread" }) })}
      ${iconButton("history", { label: t("showHistory"), testId: "history", onClick: () => act(this, { kind: "showHistory" }) })}
      ${iconButton("ellipsis", {
        label: t("moreActions"),
        testId: "more",
        opensMenu: true,
        onClick: (event) => openMenu(event.currentTarget as HTMLElement, this.#moreMenu()),
      })}
    </header>`;
  }

  #title(): TemplateResult {
    const { name } = this;
    if (name === undefined) return html`<h1 class="title-text ellipsis">${t("newThread")}</h1>`;
    return html`<button class="title" aria-haspopup="menu" aria-expanded="false" aria-label="${name}. ${t("threadMenu")}" title=${name}
      data-testid="title" @click=${(event: Event) => void this.#openRecent(event.currentTarget as HTMLElement)}>
      <h1 class="ellipsis">${name}</h1>${icon("chevron-down", "chevron")}
    </button>`;
  }

  #nameField(value: string): TemplateResult {
    const done = () => {
      const name = this.renaming?.trim();
      const threadId = this.session.view?.thread.id;
      this.renaming = undefined;
      if (name && threadId && name !== this.name) act(this, { kind: "renameThread", threadId, name });
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Enter") done();
      if (event.key === "Escape") this.renaming = undefined;
      if (event.key === "Enter" || event.key === "Escape") event.stopPropagation();
    };
    return html`${textField({
      label: t("threadName"),
      value,
      testId: "thread-name",
      onInput: (next) => {
        this.renaming = next;
      },
      onKey,
    })}${button("secondary", { label: t("save"), testId: "save-name", onClick: done })}`;
  }

  async #openRecent(anchor: HTMLElement): Promise<void> {
    const all = {
      label: t("allThreads"),
      icon: "history",
      testId: "all-threads",
      run: () => act(this, { kind: "showHistory" }),
    };
    const menu = openMenu(anchor, { label: t("threadMenu"), items: [all] });
    const { data } = await this.session.listThreads({}).catch(() => ({ data: [] as Thread[] }));
    const open = this.session.view?.thread.id;
    const items = data.slice(0, RECENT).map((thread) => ({
      label: titleOf(thread),
      checked: thread.id === open,
      testId: "recent-thread",
      run: () => act(this, { kind: "openThread", threadId: thread.id }),
    }));
    if (items.length > 0) menu.update({ label: t("threadMenu"), items: [...items, { separator: true }, all] });
  }

  #moreMenu(): Menu {
    const threadId = this.session.view?.thread.id;
    const ofThread = threadId
      ? [
          {
            label: t("rename"),
            icon: "edit",
            testId: "rename",
            run: () => {
              this.renaming = this.name ?? "";
              void this.updateComplete.then(() => this.querySelector<HTMLElement>("vscode-text-field")?.focus());
            },
          },
          {
            label: t("archive"),
            icon: "archive",
            testId: "archive",
            run: () => act(this, { kind: "putAway", threadId, how: "archive" }),
          },
          { separator: true } as const,
        ]
      : [];
    return {
      label: t("moreActions"),
      items: [
        ...ofThread,
        { label: t("rules"), icon: "law", testId: "show-rules", run: () => act(this, { kind: "showRules" }) },
        { label: t("changeKey"), icon: "key", testId: "change-key", run: () => act(this, { kind: "enterKey" }) },
        {
          label: t("openSettings"),
          icon: "settings-gear",
          testId: "settings",
          run: () => act(this, { kind: "openSettings", query: "patchwright" }),
        },
      ],
    };
  }
}
customElements.define("pw-header", Header);
