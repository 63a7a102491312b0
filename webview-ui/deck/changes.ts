import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ReviewedFile } from "../../src/protocol/review.ts";
import { act } from "../actions.ts";
import { counts } from "../diff/view.ts";
import { PanelElement } from "../element.ts";
import { fileIcon, icon } from "../icons.ts";
import { kindLetter } from "../review/letter.ts";
import type { EditedQuestion } from "../session/review.ts";
import { t } from "../strings.ts";
import { lastFolder, pathParts, relativePath } from "../words/paths.ts";

/** What the thread changed and the user has neither kept nor undone: a line for all of it, and on demand one a file. */
export class ChangesRow extends PanelElement {
  static override properties = {
    changes: { attribute: false },
    question: { attribute: false },
    roots: { attribute: false, hasChanged: differ },
    look: { attribute: false },
    open: { state: true },
    asksAll: { state: true },
  };
  declare changes: readonly ReviewedFile[];
  declare question: EditedQuestion | undefined;
  declare roots: readonly string[];
  /** Whether "Keep all" is the one filled button of the panel. */
  declare look: "primary" | "secondary";
  declare open: boolean;
  /** Whether the user is being asked about undoing all. */
  declare asksAll: boolean;
  /** The file whose row gets the focus when the one that has it goes. */
  #focusNext: string | undefined;

  constructor() {
    super();
    this.changes = [];
    this.roots = [];
    this.look = "secondary";
    this.open = false;
    this.asksAll = false;
  }

  protected override render(): unknown {
    if (this.changes.length === 0) return nothing;
    return html`<section class="changes" aria-label=${t("changesName")} data-testid="changes">
      <div class="changes-row">${this.#summary()}${this.#actions()}</div>
      ${this.question ? this.#question(this.question) : this.asksAll ? this.#allQuestion() : nothing}
      ${this.open ? this.#files() : nothing}
    </section>`;
  }

  protected override willUpdate(): void {
    if (this.changes.length < 2) this.asksAll = false;
  }

  protected override updated(): void {
    const path = this.#focusNext;
    if (path === undefined || this.changes.every((file) => file.path !== path)) return;
    if (document.activeElement !== document.body) return;
    this.#focusNext = undefined;
    this.querySelector<HTMLElement>(`[data-changed="${CSS.escape(path)}"] .changed-name`)?.focus();
  }

  #summary(): TemplateResult {
    const count = this.changes.length;
    const added = this.changes.reduce((sum, file) => sum + file.added, 0);
    const removed = this.changes.reduce((sum, file) => sum + file.removed, 0);
    const toggle = () => {
      this.open = !this.open;
    };
    return html`<button class="changes-toggle" aria-expanded=${this.open} data-testid="changes-toggle" @click=${toggle}>
      ${icon("diff-multiple")}<span class="changes-words"><span>${t("changedFiles", { count })}</span><span
          class="changed-word">${t("changedWord")}</span></span>
      ${counts(added, removed)}<span class="changes-chevron">${icon("chevron-right", this.open ? "chevron chevron-turns" : "chevron")}</span>
    </button>`;
  }

  #actions(): TemplateResult {
    const [first] = this.changes;
    const review = () => first && act(this, { kind: "reviewChanges", path: first.path });
    return html`<span class="changes-actions">
      <button class="button small ${this.look}" title=${t("keepAllHint")} data-testid="keep-all"
        @click=${() => act(this, { kind: "keepChanges", selection: {} })}>${widths("keepAll", "keep")}</button>
      <button class="text-button" title=${t("undoAllHint")} data-testid="undo-all"
        @click=${this.#undoAll}>${widths("undoAll", "undo")}</button>
      <button class="text-button" title=${t("reviewHint")} data-testid="review-changes" @click=${review}>${t("review")}</button>
    </span>`;
  }

  #question({ count }: EditedQuestion): TemplateResult {
    const answer = (how: "undo" | "leave") => act(this, { kind: "answerEdited", answer: how });
    return html`<div class="changes-question" data-testid="edited-question">
      <p role="alert">${icon("warning", "warn")}<span>${t("undoEdited", { count })}</span></p>
      <div class="changes-answers">
        <button class="button small secondary" data-testid="undo-edited" @click=${() => answer("undo")}>${t("undoEditedYes", { count })}</button>
        <button class="button small secondary" data-testid="leave-edited" @click=${() => answer("leave")}>${t("undoEditedNo", { count })}</button>
      </div>
    </div>`;
  }

  /** Files that are not open have no Ctrl+Z, so several of them are not undone by one click. */
  #undoAll = (): void => {
    if (this.changes.length > 1) this.asksAll = true;
    else act(this, { kind: "undoChanges", selection: {} });
  };

  #allQuestion(): TemplateResult {
    const answer = (how: "undo" | "cancel") => () => {
      this.asksAll = false;
      if (how === "undo") act(this, { kind: "undoChanges", selection: {} });
    };
    return html`<div class="changes-question" data-testid="undo-all-question">
      <p role="alert">${icon("warning", "warn")}<span>${t("undoAllAsk", { count: this.changes.length })}</span></p>
      <div class="changes-answers">
        <button class="button small secondary" data-testid="undo-all-yes" @click=${answer("undo")}>${t("undoAll")}</button>
        <button class="button small secondary" data-testid="undo-all-no" @click=${answer("cancel")}>${t("cancel")}</button>
      </div>
    </div>`;
  }

  #files(): TemplateResult {
    return html`<ul class="changed-files" aria-label=${t("changesName")} @keydown=${this.#onKey}>
        ${repeat(
          this.changes,
          ({ path }) => path,
          (file) => this.#file(file),
        )}
      </ul>
      ${
        this.changes.length > 1
          ? html`<div class="changes-foot"><button class="link-button" data-testid="compare-all"
              @click=${() => act(this, { kind: "showAllChanges" })}>${t("compareAll")}</button></div>`
          : nothing
      }`;
  }

  #file(file: ReviewedFile): TemplateResult {
    const { path, kind } = file;
    const { name, folder } = pathParts(path, this.roots);
    const gone = kind === "delete";
    const open = () => act(this, gone ? { kind: "showChange", path } : { kind: "openFile", path });
    return html`<li class="changed-file" data-changed=${path} data-testid="changed-file">
      ${icon(fileIcon(name))}
      <button class="changed-name" title=${gone ? t("compareFile", { name }) : t("openFile", { name: path })} data-testid="open-changed" @click=${open}>
        <span class="file-name ellipsis ${gone ? "gone" : ""}">${name}</span><span class="file-folder ellipsis"><span class="folder-whole">${folder}</span><span
            class="folder-last">${lastFolder(folder)}</span></span>
      </button>
      ${this.#marks(file)}
      <span class="changed-end">${file.binary ? html`<span class="meta">${t("notText")}</span>` : counts(file.added, file.removed)}${this.#fileActions(path, name)}</span>
    </li>`;
  }

  #marks({ kind, movedFrom, hunks }: ReviewedFile): unknown {
    const letter =
      movedFrom !== null
        ? kindLetter("move", t("movedLetter", { path: relativePath(movedFrom, this.roots) }))
        : kind === "update"
          ? nothing
          : kindLetter(kind, t(kind === "add" ? "addedLetter" : "deletedLetter"));
    const edited = hunks.some((hunk) => hunk.edited);
    return html`${letter}${
      edited
        ? html`<span class="edited-mark" title=${t("editedByYou")} data-testid="edited-mark">${icon("person")}<span
            class="edited-words">${t("editedByYou")}</span></span>`
        : nothing
    }`;
  }

  #fileActions(path: string, name: string): TemplateResult {
    const button = (glyph: string, label: string, testId: string, run: () => void) =>
      html`<button class="icon-button" title=${label} aria-label=${label} data-testid=${testId} @click=${run}>${icon(glyph)}</button>`;
    const settle = (kind: "keepChanges" | "undoChanges") => () => {
      this.#focusNext = this.#neighbour(path);
      act(this, { kind, selection: { path } });
    };
    return html`<span class="changed-actions">
      ${button("diff-single", t("compareFile", { name }), "compare-file", () => act(this, { kind: "showChange", path }))}
      ${button("discard", t("undoFile", { name }), "undo-file", settle("undoChanges"))}
      ${button("check", t("keepFile", { name }), "keep-file", settle("keepChanges"))}
    </span>`;
  }

  #neighbour(path: string): string | undefined {
    const at = this.changes.findIndex((file) => file.path === path);
    return (this.changes[at + 1] ?? this.changes[at - 1])?.path;
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const names = [...this.querySelectorAll<HTMLElement>(".changed-name")];
    const row = (event.target as HTMLElement).closest("li");
    const at = names.findIndex((name) => row?.contains(name));
    names[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    event.preventDefault();
  };
}
customElements.define("pw-changes", ChangesRow);

/** The whole words where there is room for them. */
function widths(wide: "keepAll" | "undoAll", narrow: "keep" | "undo"): TemplateResult {
  return html`<span class="wide-only">${t(wide)}</span><span class="narrow-only">${t(narrow)}</span>`;
}

function differ(now: readonly string[], before: readonly string[] | undefined): boolean {
  return now.length !== before?.length || now.some((root, at) => root !== before[at]);
}
