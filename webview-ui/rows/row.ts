import { html, type PropertyValues } from "lit";
import type { SandboxState } from "../../src/protocol/settings.ts";
import { act } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import type { Fold, Folds } from "../session/folds.ts";
import type { PanelSettings } from "../session/settings.ts";
import { t } from "../strings.ts";
import { type RowKind, type RowOf, sameRow } from "./model.ts";

/** What every row may use. One object for the whole panel. */
export interface RowContext {
  readonly folds: Folds;
  /** The workspace folders, for showing paths short. */
  roots(): readonly string[];
  workspaceName(): string;
  /** What confines commands; undefined until it is known. */
  sandbox(): SandboxState | undefined;
  settings(): PanelSettings;
  /** True while a turn of the thread runs. */
  turnRuns(): boolean;
  /** Called before a row changes its height because the user asked: the thread must not jump to its end. */
  hold(): void;
  /** Called by the question that waits, when it comes into sight, leaves it, or is gone. */
  sight(approval: "seen" | "hidden"): void;
}

/** One row of the thread. A fault in it shows as a row of its own and never reaches its neighbours. */
export abstract class RowElement<K extends RowKind> extends PanelElement {
  static override properties = {
    row: { attribute: false, hasChanged: (now: RowOf<RowKind>, before?: RowOf<RowKind>) => !sameRow(now, before) },
    context: { attribute: false, hasChanged: () => false },
  };
  declare row: RowOf<K>;
  declare context: RowContext;
  #fault: unknown;

  /** What the row shows. */
  protected abstract content(): unknown;

  /** Called after the content is in the document, for what is not made by a template. */
  protected settled(): void {}

  protected override render(): unknown {
    if (this.#fault !== undefined) return this.#broken(this.#fault);
    try {
      return this.content();
    } catch (error) {
      this.#fault = error;
      return this.#broken(error);
    }
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.#fault !== undefined) return;
    try {
      this.settled();
    } catch (error) {
      this.#fault = error;
      this.requestUpdate();
    }
  }

  /** As the user chose, else by the row's own rule. */
  protected fold(byRule: Fold): Fold {
    return this.context.folds.of(this.row.id, byRule);
  }

  /** The user opens or closes it. */
  protected choose(fold: Fold): void {
    this.context.hold();
    this.classList.toggle("opened-by-user", fold === "open");
    this.context.folds.choose(this.row.id, fold);
    this.requestUpdate();
  }

  #broken(error: unknown): unknown {
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return html`<div class="activity broken-row" data-testid="broken-row">
      ${icon("warning", "warn")}<span class="label">${t("rowFailed")}</span>
      <button class="text-button" data-testid="copy-row-details" @click=${() => act(this, { kind: "copy", text: details })}>
        ${t("copyDetails")}
      </button>
    </div>`;
  }
}

/** The chevron of what can be opened. */
export function chevron(fold: Fold): unknown {
  return icon("chevron-right", fold === "open" ? "chevron chevron-turns" : "chevron");
}
