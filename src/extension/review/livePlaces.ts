import * as vscode from "vscode";
import { pathKey } from "../../host/vscode/compare.ts";
import { currentPlaces, fits, type HunkPlace, movedPlaces } from "./hunkPlaces.ts";
import type { ReviewFiles } from "./reviewFiles.ts";

/** What the server tells may be about the text before the last key; when none was pressed for so long, it is about this one. */
const quietMs = 120;

interface Followed {
  places: readonly HunkPlace[];
  /** Runs while the document has just changed. */
  timer?: NodeJS.Timeout;
}

/** Where hunks stand in open documents of files: they move with every key, and are replaced by what the server tells once it is quiet. */
export class LivePlaces implements vscode.Disposable {
  readonly #files: ReviewFiles;
  readonly #followed = new Map<vscode.TextDocument, Followed>();
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #parts: { dispose(): void }[];
  /** Fires when a document's hunks are others, or stand elsewhere than the editor has moved them. */
  readonly onDidChange = this.#changed.event;

  constructor(files: ReviewFiles) {
    this.#files = files;
    this.#parts = [
      this.#changed,
      files.onDidChange((paths) => this.#takeAll(new Set(paths.map((path) => pathKey(path))))),
      vscode.workspace.onDidOpenTextDocument((document) => this.#take(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.#move(event)),
    ];
    this.#takeAll(new Set(files.all().map(({ path }) => pathKey(path))));
  }

  /** Empty for a document that is not under review. */
  of(document: vscode.TextDocument): readonly HunkPlace[] {
    return this.#followed.get(document)?.places ?? [];
  }

  dispose(): void {
    for (const document of [...this.#followed.keys()]) this.#forget(document);
    for (const part of this.#parts) part.dispose();
  }

  #takeAll(keys: ReadonlySet<string>): void {
    for (const document of vscode.workspace.textDocuments)
      if (keys.has(pathKey(document.uri.fsPath))) this.#take(document);
  }

  #take(document: vscode.TextDocument): void {
    if (document.uri.scheme !== "file" || this.#followed.get(document)?.timer) return;
    const before = this.of(document);
    const hunks = this.#files.get(document.uri.fsPath)?.hunks ?? [];
    const places = currentPlaces(hunks);
    if (!fits(places, document.lineCount)) return;
    if (places.length > 0) this.#followed.set(document, { places });
    else this.#followed.delete(document);
    if (places.length > 0 || before.length > 0) this.#changed.fire(document);
  }

  #move({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document.uri.scheme !== "file" || contentChanges.length === 0) return;
    const followed = this.#followed.get(document) ?? { places: [] };
    for (const { range, text } of contentChanges) {
      followed.places = movedPlaces(followed.places, {
        startLine: range.start.line,
        endLine: range.end.line,
        endCharacter: range.end.character,
        addedLines: text.match(/\r\n|\n|\r/g)?.length ?? 0,
      });
    }
    clearTimeout(followed.timer);
    followed.timer = setTimeout(() => {
      delete followed.timer;
      this.#take(document);
    }, quietMs);
    this.#followed.set(document, followed);
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#followed.get(document)?.timer);
    this.#followed.delete(document);
  }
}
