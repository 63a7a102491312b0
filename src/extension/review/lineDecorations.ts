import * as vscode from "vscode";
import type { LineSpan } from "./marks.ts";

export type LineKind = "added" | "edited" | "removed";

const tints = { added: "inserted", edited: "inserted", removed: "removed" } as const;
const bars = { added: "added", edited: "modified", removed: "deleted" } as const;

/** Whole lines in the colours of the theme's own comparisons, with a bar at their left and a mark in the ruler. */
export class LineDecorations implements vscode.Disposable {
  readonly #tinted: vscode.TextEditorDecorationType;
  readonly #first: vscode.TextEditorDecorationType;
  readonly #last: vscode.TextEditorDecorationType;

  constructor(kind: LineKind, options: vscode.DecorationRenderOptions = {}) {
    const bar = new vscode.ThemeColor(`editorGutter.${bars[kind]}Background`);
    this.#tinted = vscode.window.createTextEditorDecorationType({
      ...options,
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor(`diffEditor.${tints[kind]}LineBackground`),
      borderColor: bar,
      borderStyle: "solid",
      borderWidth: "0 0 0 3px",
      overviewRulerColor: bar,
      overviewRulerLane: vscode.OverviewRulerLane.Full,
    });
    // High contrast themes have no tint; they have a colour for a border instead, which other themes lack.
    const edge = (borderWidth: string) =>
      vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        borderColor: new vscode.ThemeColor(`diffEditor.${tints[kind]}TextBorder`),
        borderStyle: "dashed",
        borderWidth,
      });
    this.#first = edge("1px 0 0 0");
    this.#last = edge("0 0 1px 0");
  }

  draw(editor: vscode.TextEditor, spans: readonly LineSpan[]): void {
    const lines = (from: number, to: number) => new vscode.Range(from, 0, to, 0);
    editor.setDecorations(
      this.#tinted,
      spans.map(({ first, last }) => lines(first, last)),
    );
    editor.setDecorations(
      this.#first,
      spans.map(({ first }) => lines(first, first)),
    );
    editor.setDecorations(
      this.#last,
      spans.map(({ last }) => lines(last, last)),
    );
  }

  dispose(): void {
    for (const type of [this.#tinted, this.#first, this.#last]) type.dispose();
  }
}
