import * as vscode from "vscode";
import { AgentError } from "../../protocol/errors.ts";
import type { ReviewedFile } from "../../protocol/review.ts";
import type { HunkName } from "./deletedText.ts";
import { type Front, findFront, placesIn, type ReviewParts } from "./front.ts";
import { type HunkPlace, neighbourHunk, neighbourPath } from "./hunkPlaces.ts";
import { anchorLine } from "./marks.ts";
import { reviewedPath, shownIn, unifiedScheme } from "./reviewUris.ts";
import { showDiff, showUnified } from "./views.ts";

/** Takes the user from hunk to hunk, and from file to file. Only ever called where they asked to go. */
export class Walk {
  readonly #parts: ReviewParts;

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  /** To the next hunk, or the one before: from the cursor, or from a named hunk. Beyond a file's last one comes the next file. */
  async toHunk(step: 1 | -1, from?: HunkName): Promise<void> {
    const front = findFront(this.#parts);
    if (!front?.editor) return this.toFile(step);
    const named = front.places.find(({ hunk }) => hunk.id === from?.hunkId);
    const index = neighbourHunk(front.places, named?.start ?? front.editor.selection.active.line, step);
    const place = front.places[index];
    if (place) goTo(front.editor, place);
    else await this.toFile(step);
  }

  /** To the next file under review, or the one before, in the kind of view that is in front. */
  async toFile(step: 1 | -1): Promise<void> {
    const files = this.#parts.files.all();
    const shown = frontUri();
    const path = shown && reviewedPath(shown);
    const here = path === undefined ? undefined : (this.#parts.files.get(path)?.path ?? path);
    const next = neighbourPath(
      files.map((file) => file.path),
      here,
      step,
    );
    const file = files.find((one) => one.path === next);
    if (!file) throw new AgentError("notFound", vscode.l10n.t("There are no changes to review."));
    const editor = await this.#open(file, shown);
    const place = editor && placesOf(editor, this.#parts).at(step === 1 ? 0 : -1);
    if (editor && place) goTo(editor, place);
  }

  /** To a hunk of a file in its own editor: the named one, else the first; without a path, of the first file. */
  async toPlace({ path, hunkId }: { path?: string | undefined; hunkId?: string | undefined }): Promise<void> {
    const file = path === undefined ? this.#parts.files.all()[0] : this.#parts.files.get(path);
    if (!file) throw new AgentError("notFound", vscode.l10n.t("There is nothing to review here any more."));
    const editor = await this.#open(file, undefined);
    const places = editor ? placesOf(editor, this.#parts) : [];
    const place = places.find(({ hunk }) => hunk.id === hunkId) ?? places[0];
    if (editor && place) goTo(editor, place);
  }

  /** Undefined when the file is not shown as text. */
  async #open(file: ReviewedFile, like: vscode.Uri | undefined): Promise<vscode.TextEditor | undefined> {
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    if (like?.scheme === unifiedScheme || file.kind === "delete") return showUnified(file);
    if (like && input instanceof vscode.TabInputTextDiff) {
      await showDiff(file);
      return vscode.window.activeTextEditor;
    }
    const uri = vscode.Uri.file(file.path);
    await vscode.commands.executeCommand("vscode.open", uri, { preserveFocus: false });
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.toString() === uri.toString() ? editor : undefined;
  }
}

function frontUri(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri ?? shownIn(vscode.window.tabGroups.activeTabGroup.activeTab);
}

function placesOf({ document }: vscode.TextEditor, parts: ReviewParts): readonly HunkPlace[] {
  return placesIn(document, parts);
}

/** The hunk that follows the one at hand in the same editor, by its id; for after the one at hand is decided. */
export function followerOf({ places, at }: Front): string | undefined {
  return (places[at + 1] ?? places[at - 1])?.hunk.id;
}

export function goTo(editor: vscode.TextEditor, place: HunkPlace): void {
  const { lineCount } = editor.document;
  const line = anchorLine(place, lineCount);
  const at = new vscode.Position(line, 0);
  editor.selection = new vscode.Selection(at, at);
  const last = Math.max(line, Math.min(place.end, lineCount) - 1);
  editor.revealRange(new vscode.Range(line, 0, last, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
