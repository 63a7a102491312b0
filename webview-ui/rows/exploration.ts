import { html, nothing, type TemplateResult } from "lit";
import { fileIcon, icon, spinner } from "../icons.ts";
import { opposite } from "../session/folds.ts";
import { t } from "../strings.ts";
import { doing, type Look, lookOf, summary } from "../words/exploration.ts";
import { pathParts } from "../words/paths.ts";
import { chevron, RowElement } from "./row.ts";

const icons = { search: "search", list: "folder", check: "warning", symbol: "symbol-misc" };

/** Reads and searches that follow one another, as one line. */
export class ExplorationRow extends RowElement<"exploration"> {
  protected override content(): unknown {
    const { items, live } = this.row;
    const fold = this.fold("closed");
    const done = items.filter((item) => item.type === "imageView" || item.status !== "inProgress").length;
    const current = items.findLast((item) => item.type !== "imageView" && item.status === "inProgress");
    const meta = live && items.length > 1 ? t("someOf", { done, total: items.length }) : "";
    return html`<button class="activity ${live ? "live" : ""}" aria-expanded=${fold === "open"} data-row data-testid="exploration"
        @click=${() => this.choose(opposite[fold])}>
        ${live ? spinner() : icon("search")}
        <span class="label">${live && current ? doing(current) : summary(items)}</span>${chevron(fold)}
        <span class="meta">${meta}</span>
      </button>
      ${fold === "open" ? html`<ul class="activity-body looks">${items.map((item) => this.#look(lookOf(item)))}</ul>` : nothing}`;
  }

  #look(look: Look): TemplateResult {
    const path = look.path === undefined ? look.name : pathParts(look.path, this.context.roots()).name;
    const mono = look.looking === "search" || look.looking === "symbol" ? "mono" : "";
    return html`<li class="look">
      ${icon(look.looking === "read" || look.looking === "picture" ? fileIcon(path) : icons[look.looking])}
      ${
        look.path
          ? html`<a class="link ellipsis" role="link" tabindex="0" data-path=${look.path} data-line=${look.line ?? nothing}
              title=${look.path}>${path}</a>`
          : html`<span class="ellipsis ${mono}">${path}</span>`
      }
      <span class="look-note">${look.note}</span>
    </li>`;
  }
}
customElements.define("pw-exploration", ExplorationRow);
