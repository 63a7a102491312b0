import * as vscode from "vscode";
import { LineDecorations } from "./lineDecorations.ts";
import type { ReviewDocuments } from "./reviewDocuments.ts";
import { unifiedScheme } from "./reviewUris.ts";

/** Draws the rows of unified documents: what was deleted in red, what was added in green. */
export class UnifiedView implements vscode.Disposable {
  readonly #documents: ReviewDocuments;
  readonly #kinds = {
    removed: new LineDecorations("removed", signed("M4 8h8", "#f14c4c")),
    added: new LineDecorations("added", signed("M4 8h8M8 4v8", "#2ea043")),
  };
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
    for (const kind of ["removed", "added"] as const) {
      const drawn = spans.filter((span) => span.kind === kind);
      this.#kinds[kind].draw(
        editor,
        drawn.map(({ first, count }) => ({ first, last: first + count - 1 })),
      );
    }
  }
}

/** A sign beside the line, for those who do not tell the colours apart. */
function signed(path: string, color: string): vscode.DecorationRenderOptions {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="${path}" stroke="${color}" stroke-width="1.6"/></svg>`;
  return { gutterIconPath: vscode.Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`), gutterIconSize: "80%" };
}
