import * as vscode from "vscode";
import type { ReviewedFile } from "../../protocol/review.ts";
import { baselinePlaces, type HunkPlace, hunkAt } from "./hunkPlaces.ts";
import type { LivePlaces } from "./livePlaces.ts";
import type { ReviewDocuments } from "./reviewDocuments.ts";
import type { ReviewFiles } from "./reviewFiles.ts";
import { baselineScheme, reviewedPath, shownIn } from "./reviewUris.ts";

/** What is in front of the user, when it is a file under review or a view of one. */
export interface Front {
  readonly file: ReviewedFile;
  /** Undefined where the file is shown, but not as text. */
  readonly editor?: vscode.TextEditor;
  /** The hunks, in the lines of that editor. */
  readonly places: readonly HunkPlace[];
  /** The hunk with the cursor; -1 when it is in none. */
  readonly at: number;
}

export interface ReviewParts {
  readonly files: ReviewFiles;
  readonly live: LivePlaces;
  readonly documents: ReviewDocuments;
}

/** Where the hunks stand in a document, whichever view of the file it is. */
export function placesIn(document: vscode.TextDocument, { files, live, documents }: ReviewParts): readonly HunkPlace[] {
  if (document.uri.scheme === "file") return live.of(document);
  if (document.uri.scheme !== baselineScheme) return documents.placesIn(document);
  return baselinePlaces(files.get(reviewedPath(document.uri) ?? "")?.hunks ?? []);
}

export function findFront(parts: ReviewParts): Front | undefined {
  const editor = vscode.window.activeTextEditor;
  const shown = editor?.document.uri ?? shownIn(vscode.window.tabGroups.activeTabGroup.activeTab);
  const file = shown && parts.files.get(reviewedPath(shown) ?? "");
  if (!file) return undefined;
  if (!editor) return { file, places: [], at: -1 };
  const places = placesIn(editor.document, parts);
  return { file, editor, places, at: hunkAt(places, editor.selection.active.line) };
}
