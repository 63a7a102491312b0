import { basename } from "node:path";
import * as vscode from "vscode";
import { type BarFacts, barText } from "./barText.ts";
import { findFront, type ReviewParts } from "./front.ts";

/** The status bar's counts, while there is something to review. A click lists the files. */
export class ReviewBar implements vscode.Disposable {
  readonly #parts: ReviewParts;
  readonly #item = vscode.window.createStatusBarItem("patchwright.review", vscode.StatusBarAlignment.Right, 91);

  constructor(parts: ReviewParts) {
    this.#parts = parts;
    this.#item.name = vscode.l10n.t("Patchwright: Changes to Review");
    this.#item.command = "patchwright.listChanges";
  }

  update(): void {
    const front = findFront(this.#parts);
    const facts: BarFacts = { files: this.#parts.files.all().length };
    const shown = barText(
      front
        ? { ...facts, front: { name: basename(front.file.path), hunks: front.file.hunks.length, at: front.at } }
        : facts,
      vscode.l10n,
    );
    if (!shown) {
      this.#item.hide();
      return;
    }
    this.#item.text = shown.text;
    this.#item.tooltip = vscode.l10n.t("Click to list the files with changes to review.");
    this.#item.accessibilityInformation = { label: shown.label, role: "button" };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
