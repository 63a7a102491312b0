import { html, nothing, type TemplateResult } from "lit";
import type { Thread } from "../../src/protocol/threads.ts";
import { waitsForUser } from "../../src/protocol/threadView.ts";
import { act } from "../actions.ts";
import { button, textField } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { icon, spinner } from "../icons.ts";
import { t } from "../strings.ts";
import { marked } from "../words/marked.ts";
import { titleOf } from "../words/titles.ts";
import { when } from "../words/when.ts";

/** One thread of the history. It is renamed, archived and deleted in place. */
export class HistoryRow extends PanelElement {
  static override properties = {
    thread: { attribute: false },
    now: { attribute: false },
    term: { attribute: false },
    archived: { attribute: false },
    isOpen: { attribute: false },
    doing: { state: true },
    name: { state: true },
  };
  declare thread: Thread;
  declare now: number;
  declare term: string;
  declare archived: boolean;
  declare isOpen: boolean;
  declare doing: "nothing" | "renaming" | "deleting";
  declare name: string;

  constructor() {
    super();
    this.doing = "nothing";
    this.name = "";
  }

  focusRow(): void {
    this.querySelector<HTMLElement>(".history-open")?.focus();
  }

  protected override render(): unknown {
    if (this.doing === "renaming") return this.#renaming();
    if (this.doing === "deleting") return this.#deleting();
    const { thread } = this;
    return html`<div class="history-row ${this.isOpen ? "current" : ""}" data-testid="history-row">
      <button class="history-open" aria-current=${this.isOpen ? "true" : nothing} data-testid="open-thread" @keydown=${this.#onKey}
        @click=${() => act(this, { kind: "openThread", threadId: thread.id })}>
        ${glyphOf(thread)}
        <span class="history-words">
          <span class="history-title ellipsis">${this.#marked(titleOf(thread))}</span>
          <span class="history-note ellipsis" title=${this.#elsewhere() ?? nothing}>${this.#note()}</span>
        </span>
        <span class="meta">${when(thread.updatedAt * 1000, this.now)}</span>
      </button>
      <span class="history-actions">
        ${action("edit", "rename", this.#rename)}
        ${action("archive", this.archived ? "unarchive" : "archive", () => this.#putAway(this.archived ? "unarchive" : "archive"))}
        ${action("trash", "delete", this.#delete)}
      </span>
    </div>`;
  }

  /** What was asked for first, unless the state says more. */
  #note(): unknown {
    const { status, preview, name } = this.thread;
    const elsewhere = this.#elsewhere();
    if (elsewhere) return elsewhere;
    if (waitsForUser(status)) return t("waitingRow");
    if (status.type === "active") return t("runningRow");
    if (status.type === "systemError") return t("failedRow");
    return name ? this.#marked(preview.trim().split("\n")[0] ?? "") : (this.thread.model ?? "");
  }

  /** Set for a thread that another window or program has open. */
  #elsewhere(): string | undefined {
    const { elsewhere } = this.thread;
    return elsewhere === undefined ? undefined : t("elsewhereRow", { owner: elsewhere || t("anotherProgram") });
  }

  #marked(text: string): unknown {
    return marked(text, this.term).map(({ text: part, hit }) => (hit ? html`<mark>${part}</mark>` : part));
  }

  #renaming(): TemplateResult {
    const save = () => {
      const name = this.name.trim();
      this.doing = "nothing";
      if (!name || name === this.thread.name) return;
      act(this, { kind: "renameThread", threadId: this.thread.id, name });
      this.thread = { ...this.thread, name };
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.stopPropagation();
      if (event.key === "Enter") save();
      else this.#stop();
    };
    const onInput = (name: string) => {
      this.name = name;
    };
    return html`<div class="history-row doing">
      ${textField({ label: t("threadName"), value: this.name, testId: "rename-field", onInput, onKey })}
      ${button("primary", { label: t("save"), testId: "save-rename", onClick: save })}
      ${button("secondary", { label: t("cancel"), testId: "cancel-rename", onClick: this.#stop })}
    </div>`;
  }

  #deleting(): TemplateResult {
    return html`<div class="history-row doing" role="group" aria-label=${t("deleteThis")} @keydown=${this.#onConfirmKey}>
      <span class="history-question">${t("deleteThis")}</span>
      ${button("primary", { label: t("delete"), testId: "confirm-delete", onClick: () => this.#putAway("delete") })}
      ${button("secondary", { label: t("cancel"), testId: "cancel-delete", onClick: this.#stop })}
    </div>`;
  }

  #rename = (): void => {
    this.name = titleOf(this.thread);
    this.#begin("renaming", "vscode-text-field");
  };

  #delete = (): void => this.#begin("deleting", "[data-testid=cancel-delete]");

  #begin(doing: "renaming" | "deleting", focus: string): void {
    this.doing = doing;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(focus)?.focus());
  }

  #stop = (): void => {
    this.doing = "nothing";
    void this.updateComplete.then(() => this.focusRow());
  };

  #putAway(how: "archive" | "unarchive" | "delete"): void {
    act(this, { kind: "putAway", threadId: this.thread.id, how });
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "F2") this.#rename();
    else if (event.key === "Delete") this.#delete();
    else return;
    event.preventDefault();
  };

  #onConfirmKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#stop();
  };
}
customElements.define("pw-history-row", HistoryRow);

function glyphOf({ status, elsewhere }: Thread): TemplateResult {
  if (elsewhere !== undefined) return icon("multiple-windows");
  if (waitsForUser(status)) return icon("question", "warn");
  if (status.type === "active") return spinner();
  return status.type === "systemError" ? icon("error", "bad") : icon("comment");
}

function action(glyph: string, key: "rename" | "archive" | "unarchive" | "delete", run: () => void): TemplateResult {
  return html`<button class="icon-button" title=${t(key)} aria-label=${t(key)} data-testid="row-${key}" @click=${run}>${icon(glyph)}</button>`;
}
