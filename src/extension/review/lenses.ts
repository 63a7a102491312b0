import * as vscode from "vscode";
import type { HunkName } from "./deletedText.ts";
import { findFront, placesIn, type ReviewParts } from "./front.ts";
import { anchorLine, type LensTexts, lensTexts } from "./marks.ts";
import { reviewedPath, unifiedScheme } from "./reviewUris.ts";

/** Keep, Undo and Next above each hunk, in the file's own editor and in the unified view. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #parts: ReviewParts;
  readonly #enabled: () => boolean;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #registered: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(parts: ReviewParts, enabled: () => boolean) {
    this.#parts = parts;
    this.#enabled = enabled;
    const selector = [{ scheme: "file" }, { scheme: unifiedScheme }];
    this.#registered = vscode.languages.registerCodeLensProvider(selector, this);
  }

  /** For hunks that have moved or gone, and for a cursor in another one. */
  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const path = reviewedPath(document.uri);
    const file = path === undefined ? undefined : this.#parts.files.get(path);
    const shown = document.uri.scheme === unifiedScheme || this.#enabled();
    if (!file || !shown) return [];
    const places = placesIn(document, this.#parts);
    const front = findFront(this.#parts);
    const current = front?.editor?.document === document ? front.at : -1;
    return places.flatMap((place, index) => {
      const line = anchorLine(place, document.lineCount);
      const range = document.lineAt(line).range;
      const facts = { index, count: places.length, edited: place.hunk.edited, current: index === current };
      const name = { path: file.path, hunkId: place.hunk.id };
      return lensesOf(name, lensTexts(facts, vscode.l10n)).map((command) => new vscode.CodeLens(range, command));
    });
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }
}

function lensesOf(name: HunkName, { keep, undo, next, place }: LensTexts): vscode.Command[] {
  const lens = (title: string, tooltip: string, command: string) => ({ title, tooltip, command, arguments: [name] });
  return [
    lens(keep, vscode.l10n.t("Keep this change"), "patchwright.keepHunk"),
    lens(undo, vscode.l10n.t("Undo this change"), "patchwright.undoHunk"),
    lens(next, vscode.l10n.t("Go to the next change"), "patchwright.nextHunk"),
    { title: place, command: "" },
  ];
}
