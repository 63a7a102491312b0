import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ReviewedFile } from "../../src/protocol/review.ts";
import type { Turn } from "../../src/protocol/threads.ts";
import type { ThreadView } from "../../src/protocol/threadView.ts";
import { PanelElement } from "../element.ts";
import { itemIdsOf, type RowModel, rowsOf } from "../rows/model.ts";
import type { RowContext, RowElement } from "../rows/row.ts";
import { turnEnd } from "./turnEnd.ts";

/** Rows of one section, which the browser may skip as a whole while it is out of sight. */
const SECTION_ROWS = 50;

/** One turn: its rows in sections, and how it ended. */
export class TurnElement extends PanelElement {
  static override properties = {
    view: { attribute: false },
    turn: { attribute: false },
    context: { attribute: false },
    newestEdit: { attribute: false },
    changes: { attribute: false },
    mountedRows: { attribute: false },
    isLast: { attribute: false },
    retrySince: { attribute: false },
  };
  declare view: ThreadView;
  declare turn: Turn;
  declare context: RowContext;
  declare newestEdit: string | undefined;
  /** The files under review; another list once one of them changed. */
  declare changes: readonly ReviewedFile[];
  /** How many of its last rows are on the page. */
  declare mountedRows: number;
  declare isLast: boolean;
  /** When the retry that is under way was told, in Unix milliseconds. */
  declare retrySince: number;
  #rows: RowModel[] = [];

  /** Redraws the row of an item whose content changed in place; false when the rows themselves have to be made anew. */
  touch(itemId: string): boolean {
    const row = this.#rows.find((each) => itemIdsOf(each).includes(itemId));
    const item = this.turn.items.findLast(({ id }) => id === itemId);
    if (!row || !item || !("item" in row) || row.item !== item) return false;
    const element = this.querySelector<RowElement<RowModel["kind"]>>(`[data-row-id="${CSS.escape(row.id)}"]`);
    element?.requestUpdate();
    return true;
  }

  protected override render(): unknown {
    const approvals = this.view.approvals;
    this.#rows = rowsOf(this.turn, {
      approvals,
      newestEditId: this.newestEdit,
      changes: this.changes,
      isFirst: this.view.turns[0] === this.turn,
    });
    const mounted = this.#rows.slice(Math.max(0, this.#rows.length - this.mountedRows));
    const retry = this.isLast && this.view.retry ? { value: this.view.retry, since: this.retrySince } : undefined;
    return html`${this.#sections(mounted)}
      <div class="turn-end">${turnEnd(this, this.turn, { isLast: this.isLast, retry })}</div>`;
  }

  /** Sections are cut from the start of the turn, so that rows that are mounted later do not move the others between them. */
  #sections(mounted: readonly RowModel[]): unknown {
    const before = this.#rows.length - mounted.length;
    const sections: { index: number; rows: RowModel[] }[] = [];
    mounted.forEach((row, at) => {
      const index = Math.floor((before + at) / SECTION_ROWS);
      const last = sections.at(-1);
      if (last?.index === index) last.rows.push(row);
      else sections.push({ index, rows: [row] });
    });
    const newest = sections.length - 1;
    return repeat(
      sections,
      ({ index }) => index,
      ({ rows }, at) => html`<div class="section ${this.isLast && at === newest ? "newest" : ""}">
        ${repeat(
          rows,
          ({ id, kind }) => `${kind} ${id}`,
          (row) => rowView(row, this.context),
        )}
      </div>`,
    );
  }
}
customElements.define("pw-turn", TurnElement);

function rowView(row: RowModel, context: RowContext): TemplateResult | typeof nothing {
  switch (row.kind) {
    case "userMessage":
      return html`<pw-user-message class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-user-message>`;
    case "reasoning":
      return html`<pw-reasoning class="row activity-row" data-row-id=${row.id} .context=${context} .row=${row}></pw-reasoning>`;
    case "exploration":
      return html`<pw-exploration class="row activity-row" data-row-id=${row.id} .context=${context} .row=${row}></pw-exploration>`;
    case "tool":
      return html`<pw-tool class="row activity-row" data-row-id=${row.id} .context=${context} .row=${row}></pw-tool>`;
    case "command":
      return html`<pw-command class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-command>`;
    case "fileChange":
      return html`<pw-file-change class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-file-change>`;
    case "agentMessage":
      return html`<pw-agent-message class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-agent-message>`;
    case "compaction":
      return html`<pw-compaction class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-compaction>`;
    case "plan":
      return html`<pw-plan class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-plan>`;
    case "approval":
      return html`<pw-approval class="row" data-row-id=${row.id} .context=${context} .row=${row}></pw-approval>`;
    default:
      row satisfies never;
      return nothing;
  }
}
