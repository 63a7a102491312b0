import { html, nothing } from "lit";
import { icon, spinner } from "../icons.ts";
import { renderMarkdown } from "../markdown/render.ts";
import { opposite } from "../session/folds.ts";
import { t } from "../strings.ts";
import { wholeDuration } from "../words/durations.ts";
import { headline } from "../words/headline.ts";
import { chevron, RowElement } from "./row.ts";

/** What the model thought: one line while it thinks, closed when done. */
export class ReasoningRow extends RowElement<"reasoning"> {
  /** The text that is rendered in the body. */
  #shown: string | undefined;

  protected override content(): unknown {
    const { item, live } = this.row;
    const fold = this.fold("closed");
    return html`<button class="activity ${live ? "live" : ""}" aria-expanded=${fold === "open"} data-row data-testid="reasoning"
        @click=${() => this.choose(opposite[fold])}>
        ${live ? spinner() : icon("lightbulb")}
        <span class="label">${this.#label()}</span>${chevron(fold)}
        ${live && item.startedAtMs ? html`<pw-elapsed class="meta" .since=${item.startedAtMs}></pw-elapsed>` : nothing}
      </button>
      ${fold === "open" ? html`<div class="activity-body markdown muted" data-testid="reasoning-text"></div>` : nothing}`;
  }

  protected override settled(): void {
    const body = this.querySelector(".activity-body");
    const text = this.#text();
    if (!body || (this.#shown === text && body.hasChildNodes())) return;
    this.#shown = text;
    body.replaceChildren(renderMarkdown(text));
  }

  #label(): string {
    const { item, live } = this.row;
    if (!live) {
      const took = item.completedAtMs && item.startedAtMs ? item.completedAtMs - item.startedAtMs : undefined;
      return took === undefined ? t("thought") : t("thoughtFor", { time: wholeDuration(took) });
    }
    const text = headline(item.summary.at(-1) ?? item.content.at(-1) ?? "");
    return text ? t("thinkingAbout", { text }) : t("thinking");
  }

  #text(): string {
    const { summary, content } = this.row.item;
    return (summary.some(Boolean) ? summary : content).join("\n\n");
  }
}
customElements.define("pw-reasoning", ReasoningRow);
