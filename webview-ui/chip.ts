import { html, nothing, type TemplateResult } from "lit";
import { fileIcon, icon } from "./icons.ts";
import { type Attachment, labelOf } from "./session/draft.ts";
import { t } from "./strings.ts";

/** Something attached to a message. A file opens; with `remove` it carries a cross. */
export function chip(attachment: Attachment, remove?: () => void): TemplateResult {
  const label = labelOf(attachment);
  return html`<span class="chip" data-testid="chip" title=${titleOf(attachment)}>
    ${icon(iconOf(attachment), attachment.kind === "span" ? "warn" : "")}${
      attachment.kind === "mention" && !remove
        ? html`<a class="chip-label" role="link" tabindex="0" data-path=${attachment.path}>${label}</a>`
        : html`<span class="chip-label">${label}</span>`
    }${
      remove
        ? html`<button class="chip-remove" aria-label=${t("removeAttachment", { name: label })} data-testid="remove-chip" @click=${remove}>
            ${icon("close")}
          </button>`
        : nothing
    }
  </span>`;
}

function iconOf(attachment: Attachment): string {
  if (attachment.kind === "span") return "warning";
  return attachment.kind === "picture" ? "file-media" : fileIcon(attachment.path);
}

function titleOf(attachment: Attachment): string {
  if (attachment.kind === "span") return attachment.text;
  return attachment.kind === "mention" ? attachment.path : attachment.name;
}
