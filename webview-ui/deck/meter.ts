import { html, nothing, type TemplateResult } from "lit";
import type { ThreadView } from "../../src/protocol/threadView.ts";
import { act } from "../actions.ts";
import { button } from "../controls.ts";
import { type OpenMenu, openMenu } from "../menu.ts";
import { t } from "../strings.ts";
import { contextPercent, tokens } from "../words/tokens.ts";

/** From here on the ring turns yellow. */
const NEARLY_FULL = 90;

/** How full the context is: a ring, and the percentage where there is room. It opens what can be done about it. */
export function contextMeter(view: ThreadView | undefined): TemplateResult | typeof nothing {
  const usage = view?.usage;
  const percent = usage && contextPercent(usage.last.totalTokens, usage.modelContextWindow);
  if (!view || !usage || percent === undefined) return nothing;
  const used = tokens(usage.last.totalTokens);
  const total = tokens(usage.modelContextWindow ?? 0);
  const words = t("contextUsed", { used, total, percent });
  const open = (event: Event) =>
    openMeter(event.currentTarget as HTMLElement, words, { condensing: isCondensing(view) });
  return html`<button class="meter ${percent >= NEARLY_FULL ? "nearly-full" : ""}" aria-haspopup="dialog" aria-expanded="false"
    aria-label="${t("context")}: ${words}" title=${words} data-testid="context-meter" @click=${open}>
    <svg class="meter-ring" viewBox="0 0 16 16" aria-hidden="true">
      <circle class="meter-track" cx="8" cy="8" r="6"></circle>
      <circle class="meter-arc" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="${percent} 100"></circle>
    </svg>
    <span class="meter-percent" aria-hidden="true">${percent}%</span>
  </button>`;
}

function openMeter(anchor: HTMLElement, words: string, { condensing }: { condensing: boolean }): void {
  const condense = () => {
    menu.close();
    act(anchor, { kind: "condense" });
  };
  const showSent = () => {
    menu.close();
    anchor.focus();
    act(anchor, { kind: "showSent" });
  };
  const menu: OpenMenu = openMenu(anchor, {
    label: t("context"),
    items: [],
    head: html`<div class="popover-text" data-menu-foot data-testid="meter-popover">
      <h2>${t("context")}</h2>
      <p>${words}</p>
      <p>${t("contextText")}</p>
      <div class="popover-buttons">
        ${button("secondary", { label: t("showSent"), testId: "meter-sent", onClick: showSent })}
        ${
          condensing
            ? nothing
            : button("secondary", { label: t("condenseNow"), testId: "condense-now", onClick: condense })
        }
      </div>
    </div>`,
  });
}

function isCondensing({ turns }: ThreadView): boolean {
  const last = turns.at(-1);
  const live = last?.items.some((item) => item.type === "contextCompaction" && !item.completedAtMs);
  return last?.status === "inProgress" && live === true;
}
