import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { ctrlName } from "../shell/keys.ts";
import { t } from "../strings.ts";
import type { Question } from "./question.ts";

/** What the buttons of a card offer now, and what they do. */
export interface Offer {
  question: Question;
  /** The words for allowing a part of it, while a part is picked. */
  partWords: string | undefined;
  /** Why it may not be allowed yet; empty when it may. */
  whyNot: string;
  allow(): void;
  deny(): void;
  denyWithFeedback(): void;
  openChoices(anchor: HTMLElement): void;
}

export function answerButtons(offer: Offer): TemplateResult {
  const isCautious = offer.question.warnings.length > 0;
  return html`<div class="approval-buttons">${isCautious ? cautious(offer) : usual(offer)}</div>`;
}

function usual(offer: Offer): TemplateResult {
  const { question, partWords } = offer;
  const { allow, allowOnce } = question.words;
  const words = partWords ?? t(question.more.length > 0 ? allow : allowOnce);
  return html`<span class="split">
      ${allowButton(offer, words, "primary")}
      ${question.more.length > 0 ? choicesButton(offer) : nothing}
    </span>
    ${denyButton(offer, "secondary")}${feedbackButton(offer)}`;
}

/** Something could mislead: saying no is the easy choice. */
function cautious(offer: Offer): TemplateResult {
  const allow = allowButton(offer, t(offer.question.words.allowOnce), "dashed");
  return html`${denyButton(offer, "primary")}${feedbackButton(offer)}${allow}`;
}

function allowButton({ whyNot, allow }: Offer, words: string, look: string): TemplateResult {
  return html`<button class="button ${look}" ?disabled=${whyNot !== ""} title=${whyNot || nothing} data-testid="allow" @click=${allow}>${words}</button>`;
}

function choicesButton({ whyNot, openChoices }: Offer): TemplateResult {
  return html`<button class="button ${whyNot ? "secondary" : "primary"} split-more" data-choices aria-haspopup="menu" aria-label=${t("moreChoices")}
    title=${t("moreChoices")} data-testid="approval-choices"
    @click=${(event: Event) => openChoices(event.currentTarget as HTMLElement)}>${icon("chevron-down")}</button>`;
}

function denyButton({ question, deny }: Offer, look: string): TemplateResult {
  return html`<button class="button ${look}" data-testid="deny" @click=${deny}>${t(question.words.deny)}</button>`;
}

function feedbackButton({ question, denyWithFeedback }: Offer): TemplateResult {
  return html`<button class="button secondary" data-testid="deny-feedback" @click=${denyWithFeedback}>
    ${t(question.words.denyFeedback)}
  </button>`;
}

/** Below the buttons: the keys that answer, or why it may not be allowed yet. */
export function answerHints({ question: { warnings, words, more }, whyNot }: Offer): TemplateResult {
  const key = (name: string) => html`<kbd>${name}</kbd>`;
  const allows = html`<span class="hint unless-written">${key(ctrlName)}${key("Enter")}<span>${t(words.allow)}</span></span>`;
  const chooses = html`<span class="hint wide-only">${key(ctrlName)}${key("↓")}<span>${t("moreChoices")}</span></span>`;
  return html`<div class="hints">
    ${whyNot ? html`<span class="hint" data-testid="why-not">${whyNot}</span>` : warnings.length > 0 ? nothing : allows}
    <span class="hint">${key("Esc")}<span>${t(words.deny)}</span></span>
    ${warnings.length > 0 || more.length === 0 ? nothing : chooses}
  </div>`;
}
