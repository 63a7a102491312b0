import { html, nothing, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { chip } from "../chip.ts";
import { icon } from "../icons.ts";
import { type MenuItem, openMenu } from "../menu.ts";
import { type Draft, draftOf } from "../session/draft.ts";
import { t } from "../strings.ts";
import { RowElement } from "./row.ts";
import { sentButton } from "./sentButton.ts";

/** What the user wrote, with what they attached as chips below it. The message that a turn began with can be edited and forked from. */
export class UserMessageRow extends RowElement<"userMessage"> {
  protected override content(): unknown {
    const draft = draftOf(this.row.item.content);
    const { text, attachments } = draft;
    return html`<article class="user-message" aria-label=${t("userMessage")} tabindex="-1" data-row data-testid="user-message">
      ${text ? html`<div class="user-text">${text}</div>` : nothing}
      ${attachments.length > 0 ? html`<div class="chips">${attachments.map((each) => chip(each))}</div>` : nothing}
      <div class="message-actions">${sentButton(this.row.id)}${this.row.opens ? this.#actions(draft) : nothing}</div>
    </article>`;
  }

  #actions(draft: Draft): TemplateResult {
    const { turnId } = this.row;
    return html`<button class="icon-button" title=${t("editMessage")} aria-label=${t("editMessage")} data-testid="edit-message"
        @click=${() => act(this, { kind: "editMessage", turnId, draft })}>${icon("edit")}</button>
      <button class="icon-button" title=${t("messageMenu")} aria-label=${t("messageMenu")} aria-haspopup="menu" aria-expanded="false"
        data-testid="message-menu" @click=${(event: Event) => this.#menu(event.currentTarget as HTMLElement, draft)}>${icon("ellipsis")}</button>`;
  }

  #menu(anchor: HTMLElement, draft: Draft): void {
    const { turnId, opens, ended } = this.row;
    const before: MenuItem = {
      label: t("forkBefore"),
      hint: t("forkBeforeHint"),
      icon: "repo-forked",
      testId: "fork-before",
      run: () => act(this, { kind: "fork", turnId, before: draft }),
    };
    const after: MenuItem = {
      label: t("forkAfter"),
      hint: t("forkAfterHint"),
      icon: "repo-forked",
      testId: "fork-after",
      disabled: !ended,
      run: () => act(this, { kind: "fork", turnId }),
    };
    const edit: MenuItem = {
      label: t("edit"),
      icon: "edit",
      testId: "menu-edit",
      run: () => act(this, { kind: "editMessage", turnId, draft }),
    };
    const copy: MenuItem = {
      label: t("copyText"),
      icon: "copy",
      testId: "copy-message",
      run: () => act(this, { kind: "copy", text: draft.text }),
    };
    const runs = this.context.turnRuns();
    const restore: MenuItem = {
      label: t("restoreBefore"),
      hint: t(runs ? "restoreWhileRunning" : "restoreBeforeHint"),
      icon: "history",
      testId: "menu-restore",
      disabled: runs,
      run: () => act(this, { kind: "restore", turnId, draft, anchor }),
    };
    const forks = opens === "thread" ? [after] : [before, after];
    openMenu(anchor, {
      label: t("messageMenu"),
      items: [edit, copy, { separator: true }, restore, { separator: true }, ...forks],
    });
  }
}
customElements.define("pw-user-message", UserMessageRow);
