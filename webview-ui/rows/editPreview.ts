import { html, type TemplateResult } from "lit";
import type { FileUpdateChange, ThreadItem } from "../../src/protocol/items.ts";
import { act } from "../actions.ts";
import { FileDiffs, fileBody, fileHead } from "../diff/file.ts";
import { icon } from "../icons.ts";
import { t } from "../strings.ts";
import type { RowContext } from "./row.ts";

/** What an edit would do, file by file, inside the question about it. */
export class EditPreview {
  readonly #diffs = new FileDiffs();
  readonly #whole = new Set<string>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  view(item: ThreadItem | undefined, context: RowContext, from: Element): TemplateResult[] {
    if (item?.type !== "fileChange") return [];
    return item.changes.map((change) => this.#file(change, { context, from, itemId: item.id }));
  }

  #file(change: FileUpdateChange, at: { context: RowContext; from: Element; itemId: string }): TemplateResult {
    const more = () => {
      at.context.hold();
      this.#whole.add(change.path);
      this.#changed();
    };
    const name = t("openDiff", { name: change.path });
    return html`<div class="edit-preview" data-testid="edit-preview">
      <div class="edit-head">${fileHead(change, at.context.roots())}${this.#diffs.counts(change)}
        <button class="icon-button" title=${name} aria-label=${name} data-testid="open-diff"
          @click=${() => act(at.from, { kind: "showDiff", itemId: at.itemId, path: change.path })}>${icon("diff-single")}</button>
      </div>
      ${fileBody(this.#diffs, change, { whole: this.#whole.has(change.path), more })}
    </div>`;
  }
}
