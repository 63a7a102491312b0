import { html, type TemplateResult } from "lit";
import type { Urgency } from "../session/announce.ts";

/** Where what is said aloud is put. It must be on the page before there is something to say. */
export function aloudRegions(): TemplateResult {
  return html`<div class="visually-hidden" role="status" aria-live="polite" data-testid="polite"></div>
    <div class="visually-hidden" role="alert" data-testid="assertive"></div>`;
}

/** Says it to a screen reader's user. */
export function sayAloud(root: Element, text: string, urgency: Urgency): void {
  const region = root.querySelector(`[data-testid="${urgency}"]`);
  if (region) region.textContent = text;
}
