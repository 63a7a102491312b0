import { html, nothing, type TemplateResult } from "lit";
import type { ItemOf } from "../../src/protocol/items.ts";
import { act } from "../actions.ts";
import { shownText } from "../shownText.ts";
import { parts, t } from "../strings.ts";
import { saidWith, whyDeclined } from "../words/declined.ts";

type Declinable = ItemOf<"commandExecution"> | ItemOf<"fileChange">;

/** Which element says who declined the item, or why, for the button that names it; `nothing` where its own words say all. */
export function describedBy({ id, declinedBy }: Declinable): unknown {
  return whyDeclined(declinedBy) || saidWith(declinedBy) ? noteId(id) : nothing;
}

/** Below a row: what the user said, or which rule or setting declined it, and where that can be changed. */
export function declinedNote(from: Element, { id, declinedBy }: Declinable): unknown {
  const said = saidWith(declinedBy);
  if (said) {
    const words = parts("declinedSaid").map((part, at) => (at % 2 === 0 ? part : shownText(said)));
    return html`<p class="declined-note said" id=${noteId(id)} data-testid="declined-note">${words}</p>`;
  }
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
