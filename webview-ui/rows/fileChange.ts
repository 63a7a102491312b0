import { html, nothing, type TemplateResult } from "lit";
import type { FileUpdateChange } from "../../src/protocol/items.ts";
import { act } from "../actions.ts";
import { FileDiffs, fileBody, fileHead, pathAfter } from "../diff/file.ts";
import type { Hunk } from "../diff/parse.ts";
import { icon, spinner } from "../icons.ts";
import { matchHunks } from "../review/matching.ts";
import { opposite } from "../session/folds.ts";
import type { Selection } from "../session/review.ts";
import { t } from "../strings.ts";
import { rejectedMeta } from "../words/declined.ts";
import { declinedNote, describedBy } from "./declined.ts";
import { chevron, RowElement } from "./row.ts";

/** An edit: one card for each file. The newest edit of the thread is open. */
export class FileChangeRow extends RowElement<"fileChange"> {
  readonly #diffs = new FileDiffs("scroll");
  /** The files whose every line is shown. */
  readonly #whole = new Set<string>();

  protected override content(): unknown {
    return html`<div class="file-cards">${this.row.item.changes.map((change, index) => this.#card(change, index))}</div>`;
  }

  #card(change: FileUpdateChange, index: number): TemplateResult {
    const { item, newest, state } = this.row;
    const key = `${item.id}/${change.path}`;
    const isNews = newest && index === item.changes.length - 1 && state === "applied";
    const fold = this.context.folds.of(key, isNews ? "open" : "closed");
    const toggle = () => {
      this.context.hold();
      this.context.folds.choose(key, opposite[fold]);
      this.requestUpdate();
    };
    return html`<section class="card file ${state}" data-testid="file-change">
      <div class="card-header">
        <button class="card-toggle" aria-expanded=${fold === "open"} aria-describedby=${describedBy(item)} data-row
          data-testid="file-toggle" @click=${toggle}>
          ${fileHead(change, this.context.roots())}${this.#status(change)}
        </button>
        <button class="icon-button" title=${t("openDiff", { name: change.path })} aria-label=${t("openDiff", { name: change.path })}
          data-testid="open-diff" @click=${() => act(this, { kind: "showDiff", itemId: item.id, path: change.path })}>
          ${icon("diff-single")}
        </button>
        <button class="card-fold" tabindex="-1" aria-hidden="true" @click=${toggle}>${chevron(fold)}</button>
      </div>
      ${index === item.changes.length - 1 ? declinedNote(this, item) : nothing}
      ${fold === "open" ? this.#body(change) : nothing}
    </section>`;
  }

  #status(change: FileUpdateChange): unknown {
    const { added, removed } = this.#diffs.of(change);
    switch (this.row.state) {
      case "writing":
        return html`<span class="meta live-meta">${spinner()}${t("writing", { count: added + removed })}</span>`;
      case "waiting":
        return html`<span class="meta">${t("waitingForYou")}</span>`;
      case "rejected":
        return html`<span class="meta">${icon("circle-slash")}${rejectedMeta(this.row.item.declinedBy)}</span>`;
      case "failed":
        return html`<span class="meta">${icon("error", "bad")}${t("notApplied")}</span>`;
      case "applied":
        return this.#diffs.counts(change);
    }
  }

  #body(change: FileUpdateChange): TemplateResult {
    const more = () => {
      this.context.hold();
      this.#whole.add(change.path);
      this.requestUpdate();
    };
    const tools = this.#tools(change);
    const extent = this.#whole.has(change.path) ? "whole" : "some";
    return html`<div class="card-body">${fileBody(this.#diffs, change, { extent, more, tools })}</div>`;
  }

  /** Keep and undo, on each hunk that is still under review as this edit made it. */
  #tools(change: FileUpdateChange): ((hunk: Hunk) => unknown) | undefined {
    const path = pathAfter(change);
    const file = this.row.reviewed.find((known) => known.path === path);
    if (!file) return undefined;
    const ours = file.hunks.filter(({ authors }) => authors.some(({ itemId }) => itemId === this.row.item.id));
    const matched = matchHunks(this.#diffs.of(change).hunks, ours);
    if (matched.size === 0) return undefined;
    return (hunk) => {
      const hunkIds = matched.get(hunk)?.map(({ id }) => id);
      return hunkIds ? this.#hunkTools({ path, hunkIds }) : nothing;
    };
  }

  #hunkTools(selection: Selection): TemplateResult {
    const settle = (kind: "keepChanges" | "undoChanges") => () => act(this, { kind, selection });
    return html`<span class="hunk-tools">
      <button class="text-button" aria-label=${t("keepHunk")} data-testid="keep-hunk" @click=${settle("keepChanges")}>${t("keep")}</button>
      <button class="text-button" aria-label=${t("undoHunk")} data-testid="undo-hunk" @click=${settle("undoChanges")}>${t("undo")}</button>
    </span>`;
  }
}
customElements.define("pw-file-change", FileChangeRow);
