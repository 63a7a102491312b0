import { html, nothing, type TemplateResult } from "lit";
import type { ItemOf } from "../../src/protocol/items.ts";
import { act } from "../actions.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { whyDeclined } from "../words/declined.ts";

type Declinable = ItemOf<"commandExecution"> | ItemOf<"fileChange">;

/** Which element says who declined the item, for the button that names it; `nothing` where its own words do. */
export function describedBy({ id, declinedBy }: Declinable): unknown {
  return whyDeclined(declinedBy) ? noteId(id) : nothing;
}

/** Below a row: which rule or setting declined it, and where that can be changed. */
export function declinedNote(from: Element, { id, declinedBy }: Declinable): unknown {
  const why = whyDeclined(declinedBy);
  if (!why) return nothing;
  return html`<p class="declined-note" id=${noteId(id)} data-testid="declined-note">${why.map((part, at) =>
    at % 2 === 0 ? part : html`<span class="mono">${shownText(part)}</span>`,
  )}${remedy(from, declinedBy?.kind)}</p>`;
}

function remedy(from: Element, kind: string | undefined): TemplateResult | typeof nothing {
  const button = (words: string, run: () => void) =>
    html` <button class="link-button" data-testid="declined-remedy" @click=${run}>${words}</button>`;
  if (kind === "rule") return button(t("showRules"), () => act(from, { kind: "showRules" }));
  if (kind === "restrictedMode") return button(t("manageTrust"), () => act(from, { kind: "manageTrust" }));
  return nothing;
}

function noteId(itemId: string): string {
  return `declined-${itemId}`;
}
