import { html, nothing } from "lit";
import { chip } from "../chip.ts";
import { draftOf } from "../session/draft.ts";
import { t } from "../strings.ts";
import { RowElement } from "./row.ts";
import { sentButton } from "./sentButton.ts";

/** What the user wrote, with what they attached as chips below it. */
export class UserMessageRow extends RowElement<"userMessage"> {
  protected override content(): unknown {
    const { text, attachments } = draftOf(this.row.item.content);
    return html`<article class="user-message" aria-label=${t("userMessage")} tabindex="-1" data-row data-testid="user-message">
      <span class="message-actions">${sentButton(this.row.id)}</span>
      ${text ? html`<div class="user-text">${text}</div>` : nothing}
      ${attachments.length > 0 ? html`<div class="chips">${attachments.map((each) => chip(each))}</div>` : nothing}
    </article>`;
  }
}
customElements.define("pw-user-message", UserMessageRow);
