import { html, nothing } from "lit";
import { icon, spinner } from "../icons.ts";
import { opposite } from "../session/folds.ts";
import { t } from "../strings.ts";
import { chevron, RowElement } from "./row.ts";

const MOST_CHARACTERS = 4000;

/** A call of a tool that has no look of its own. */
export class ToolRow extends RowElement<"tool"> {
  protected override content(): unknown {
    const { item, live } = this.row;
    const failed = item.status === "failed" || item.success === false;
    const fold = this.fold("closed");
    const output = (item.contentItems ?? []).map((part) => (part.type === "inputText" ? part.text : "")).join("\n");
    return html`<button class="activity" aria-expanded=${fold === "open"} data-row data-testid="tool" @click=${() => this.choose(opposite[fold])}>
        ${live ? spinner() : failed ? icon("error", "bad") : icon("tools")}
        <span class="label">${item.title ?? t("usingTool", { name: item.tool })}</span>${chevron(fold)}
        <span class="meta">${failed ? t("failed") : ""}</span>
      </button>
      ${
        fold === "open"
          ? html`<div class="activity-body"><pre class="output" tabindex="0">${output.slice(0, MOST_CHARACTERS) || t("noOutput")}</pre></div>`
          : nothing
      }`;
  }
}
customElements.define("pw-tool", ToolRow);
