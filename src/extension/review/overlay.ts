import * as vscode from "vscode";
import { deletedCommands, deletedText } from "./deletedText.ts";
import { LineDecorations } from "./lineDecorations.ts";
import type { LivePlaces } from "./livePlaces.ts";
import { type Badge, marksOf } from "./marks.ts";

/** Draws the hunks of files under review on the files' own editors. Editors within a comparison are left alone: it draws them itself. */
export class Overlay implements vscode.Disposable {
  readonly #places: LivePlaces;
  readonly #enabled: () => boolean;
  readonly #added = new LineDecorations("added");
  readonly #edited = new LineDecorations("edited");
  readonly #deleted = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    overviewRulerColor: new vscode.ThemeColor("editorGutter.deletedBackground"),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  readonly #drawn = new WeakSet<vscode.TextEditor>();
  readonly #parts: vscode.Disposable[];

  constructor(places: LivePlaces, enabled: () => boolean) {
    this.#places = places;
    this.#enabled = enabled;
    this.#parts = [
      ...[this.#added, this.#edited, this.#deleted],
      vscode.window.onDidChangeVisibleTextEditors(() => this.redraw()),
      places.onDidChange((changed) => {
        for (const editor of vscode.window.visibleTextEditors) if (editor.document === changed) this.#draw(editor);
      }),
    ];
    this.redraw();
  }

  redraw(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  #draw(editor: vscode.TextEditor): void {
    const { document, viewColumn } = editor;
    const places = this.#enabled() && viewColumn !== undefined ? this.#places.of(document) : [];
    if (places.length === 0 && !this.#drawn.has(editor)) return;
    this.#drawn.add(editor);
    const { added, edited, badges } = marksOf(places, document.lineCount);
    this.#added.draw(editor, added);
    this.#edited.draw(editor, edited);
    editor.setDecorations(
      this.#deleted,
      badges.map((badge) => badgeOptions(badge, document)),
    );
  }
}

function badgeOptions({ line, text, place }: Badge, document: vscode.TextDocument): vscode.DecorationOptions {
  const { end } = document.lineAt(line).range;
  const name = { path: document.uri.fsPath, hunkId: place.hunk.id };
  const deleted = deletedText(place.hunk, { name, language: document.languageId }, vscode.l10n);
  const hover = new vscode.MarkdownString(deleted);
  hover.isTrusted = { enabledCommands: deletedCommands };
  const red = new vscode.ThemeColor("editorError.foreground");
  return {
    range: new vscode.Range(end, end),
    hoverMessage: hover,
    renderOptions: {
      after: {
        contentText: text,
        color: red,
        border: "1px solid",
        borderColor: red,
        fontWeight: "600",
        margin: "0 0 0 16px",
        // Sizes that the interface has no names for; without them the badge is only plainer.
        textDecoration: "none; font-size: 11px; line-height: 14px; padding: 0 5px; border-radius: 3px",
      },
    },
  };
}
