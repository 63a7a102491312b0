import * as vscode from "vscode";
import { findFront, type ReviewParts } from "./front.ts";
import { unifiedUri } from "./reviewUris.ts";
import { allChangesTitle } from "./views.ts";

/** Keeps the context keys that the manifest's commands, keys and buttons depend on. Each is told only when it is another. */
export class ReviewContext {
  readonly #parts: ReviewParts;
  readonly #told = new Map<string, string>();

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  update(): void {
    const { files } = this.#parts;
    const all = files.all();
    this.#tell("patchwright.hasReview", all.length > 0);
    this.#tell("patchwright.fileUnderReview", findFront(this.#parts) !== undefined);
    const { label } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    this.#tell("patchwright.allChangesShown", label?.startsWith(allChangesTitle) === true);
    // The editor's title asks by the path as the window writes it, which in a remote window is that of the address.
    const paths = all.flatMap(({ path }) => [
      vscode.Uri.file(path).fsPath,
      vscode.Uri.file(path).path,
      unifiedUri(path).path,
    ]);
    this.#tell("patchwright.reviewedFiles", [...new Set(paths)]);
  }

  #tell(name: string, value: boolean | readonly string[]): void {
    const text = JSON.stringify(value);
    if (this.#told.get(name) === text) return;
    this.#told.set(name, text);
    void vscode.commands.executeCommand("setContext", name, value);
  }
}
