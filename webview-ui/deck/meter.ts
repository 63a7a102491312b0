import { html, nothing, type TemplateResult } from "lit";
import type { TokenUsage } from "../../src/protocol/threads.ts";
import { act } from "../actions.ts";
import { t } from "../strings.ts";
import { contextPercent, tokens } from "../words/tokens.ts";

/** From here on the ring turns yellow. */
const NEARLY_FULL = 90;

/** How full the context is: a ring, and the percentage where there is room. A click shows what was sent. */
export function contextMeter(usage: TokenUsage | undefined): TemplateResult | typeof nothing {
  const percent = usage && contextPercent(usage.last.totalTokens, usage.modelContextWindow);
  if (!usage || percent === undefined) return nothing;
  const used = tokens(usage.last.totalTokens);
  const total = tokens(usage.modelContextWindow ?? 0);
  const words = t("contextUsed", { used, total, percent });
  const show = (event: Event) => act(event.currentTarget as Element, { kind: "showSent" });
  return html`<button class="meter ${percent >= NEARLY_FULL ? "nearly-full" : ""}" aria-label="${words}. ${t("showSent")}"
    title="${words}. ${t("showSent")}" data-testid="context-meter" @click=${show}>
    <svg class="meter-ring" viewBox="0 0 16 16" aria-hidden="true">
      <circle class="meter-track" cx="8" cy="8" r="6"></circle>
      <circle class="meter-arc" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="${percent} 100"></circle>
    </svg>
    <span class="meter-percent" aria-hidden="true">${percent}%</span>
  </button>`;
}
