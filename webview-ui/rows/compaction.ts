import { html } from "lit";
import { icon, spinner } from "../icons.ts";
import { compactionReason, compactionWords } from "../words/compaction.ts";
import { RowElement } from "./row.ts";

/** Where the thread was condensed: a line across it. What stands above is still there to be read. */
export class CompactionRow extends RowElement<"compaction"> {
  protected override content(): unknown {
    const { item, live } = this.row;
    const shown = live ? item : { ...item, completedAtMs: item.completedAtMs ?? 1 };
    return html`<div class="divider" role="note" aria-label=${compactionWords(shown, "spoken")} title=${compactionReason(item)} tabindex="-1"
      data-row data-testid="compaction">
      <span class="rule"></span>${live ? spinner() : icon("fold")}
      <span class="divider-words">${compactionWords(shown, "shown")}</span><span class="rule"></span>
    </div>`;
  }
}
customElements.define("pw-compaction", CompactionRow);
