import * as vscode from "vscode";
import type { ReviewDocuments } from "./reviewDocuments.ts";
import { unifiedScheme } from "./reviewUris.ts";
import type { RowSpan } from "./unifiedText.ts";

/** Draws the rows of unified documents: what was deleted in red, what was added in green. */
export class UnifiedView implements vscode.Disposable {
  readonly #documents: ReviewDocuments;
  readonly #kinds = { removed: rowKind("removed"), added: rowKind("inserted") };
  readonly #parts: vscode.Disposable[];

  constructor(documents: ReviewDocuments) {
    this.#documents = documents;
    this.#parts = [
      ...Object.values(this.#kinds),
      vscode.window.onDidChangeVisibleTextEditors(() => this.redraw()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
      }),
    ];
  }

  redraw(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  #draw(editor: vscode.TextEditor): void {
    if (editor.document.uri.scheme !== unifiedScheme) return;
    const spans = this.#documents.unified(editor.document)?.spans ?? [];
    for (const kind of ["removed", "added"] as const)
      editor.setDecorations(this.#kinds[kind], spans.filter((span) => span.kind === kind).map(rangeOf));
  }
}

function rangeOf({ first, count }: RowSpan): vscode.Range {
  return new vscode.Range(first, 0, first + count - 1, 0);
}

function rowKind(what: "removed" | "inserted") {
  const gutter = what === "removed" ? "editorGutter.deletedBackground" : "editorGutter.addedBackground";
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor(`diffEditor.${what}LineBackground`),
    borderColor: new vscode.ThemeColor(gutter),
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
    overviewRulerColor: new vscode.ThemeColor(gutter),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
}
