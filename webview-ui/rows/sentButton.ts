import { html, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { icon } from "../icons.ts";
import { t } from "../strings.ts";

/** Shows what was sent to the model with this message of the user. */
export function sentButton(itemId: string): TemplateResult {
  const show = (event: Event) => act(event.currentTarget as Element, { kind: "showSent", itemId });
  return html`<button class="icon-button" title=${t("showSent")} aria-label=${t("showSent")} data-testid="show-sent" @click=${show}>
    ${icon("layers")}
  </button>`;
}
