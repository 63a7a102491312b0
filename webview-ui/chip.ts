import { html, nothing, type TemplateResult } from "lit";
import { fileIcon, icon } from "./icons.ts";
import { type Attachment, labelOf, placeOf } from "./session/draft.ts";
import { t } from "./strings.ts";

/** Something attached to a message. What stands for a place in a file opens it; with `remove` the chip carries a cross instead. */
export function chip(attachment: Attachment, remove?: () => void): TemplateResult {
  const label = labelOf(attachment);
  const place = remove ? undefined : placeOf(attachment);
  return html`<span class="chip" data-testid="chip" title=${titleOf(attachment)}>
    ${glyphOf(attachment)}${
      place
        ? html`<a class="chip-label" role="link" tabindex="0" data-path=${place.path} data-line=${place.line ?? nothing}>${label}</a>`
        : html`<span class="chip-label">${label}</span>`
    }${remove ? removeButton(label, remove) : nothing}
  </span>`;
}

function removeButton(label: string, remove: () => void): TemplateResult {
  return html`<button class="chip-remove" aria-label=${t("removeAttachment", { name: label })} data-testid="remove-chip" @click=${remove}>
    ${icon("close")}
  </button>`;
}

/** A problem is a warning sign; a stretch of code is named by its file and lines. */
function glyphOf(attachment: Attachment): TemplateResult {
  if (attachment.kind === "picture") return icon("file-media");
  if (attachment.kind === "mention") return icon(fileIcon(attachment.path));
  const file = /^[^\s:]+\.\w+(?=:\d)/.exec(attachment.label)?.[0];
  return file ? icon(fileIcon(file)) : icon("warning", "warn");
}

function titleOf(attachment: Attachment): string {
  if (attachment.kind === "span") return attachment.text;
  return attachment.kind === "mention" ? attachment.path : attachment.name;
}
