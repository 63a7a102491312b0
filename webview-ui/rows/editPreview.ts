import { html, nothing, type TemplateResult } from "lit";
import type { FileUpdateChange, ThreadItem } from "../../src/protocol/items.ts";
import { act } from "../actions.ts";
import { FileDiffs, fileBody, fileHead, pathAfter } from "../diff/file.ts";
import type { Hunk } from "../diff/parse.ts";
import { icon } from "../icons.ts";
import { t } from "../strings.ts";
import type { HunkPicks } from "./hunkPicks.ts";
import type { RowContext } from "./row.ts";

export interface PreviewPlace {
  context: RowContext;
  from: Element;
  picks: HunkPicks;
}

/** What an edit would do, file by file, inside the question about it. */
export class EditPreview {
  readonly #diffs = new FileDiffs("wrap");
  readonly #whole = new Set<string>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  view(item: ThreadItem | undefined, at: PreviewPlace): TemplateResult[] {
    if (item?.type !== "fileChange") return [];
    return item.changes.map((change) => this.#file(change, { ...at, itemId: item.id }));
  }

  #file(change: FileUpdateChange, at: PreviewPlace & { itemId: string }): TemplateResult {
    const more = () => {
      at.context.hold();
      this.#whole.add(change.path);
      this.#changed();
    };
    const boxes = at.picks.of(pathAfter(change), this.#diffs.of(change).hunks);
    const label = boxes && ((hunk: Hunk) => html`<span class="hunk-picks">${boxes.bar(hunk)}</span>`);
    return html`<div class="edit-preview" data-testid="edit-preview">
      <div class="edit-head">${fileHead(change, at.context.roots())}${this.#diffs.counts(change)}${openButton(change, at)}</div>
      ${boxes && boxes.others.length > 0 ? html`<div class="hunk-bar"><span class="hunk-picks">${boxes.others}</span></div>` : nothing}
      ${fileBody(this.#diffs, change, { extent: this.#whole.has(change.path) ? "whole" : "some", more, label })}
    </div>`;
  }
}

/** Where the proposal can be changed, the words for that; else an icon for looking at it. */
function openButton(change: FileUpdateChange, at: PreviewPlace & { itemId: string }): TemplateResult {
  const open = () => act(at.from, { kind: "showDiff", itemId: at.itemId, path: change.path });
  if (at.picks.total === 0) {
    const name = t("openDiff", { name: change.path });
    return html`<button class="icon-button" title=${name} aria-label=${name} data-testid="open-diff" @click=${open}>${icon("diff-single")}</button>`;
  }
  const name = t("editProposalOf", { name: change.path });
  return html`<button class="text-button edit-proposal" title=${name} aria-label=${name} data-testid="open-diff" @click=${open}>
    <span class="wide-only">${t("editProposal")}</span><span class="narrow-only">${t("editProposalShort")}</span></button>`;
}
