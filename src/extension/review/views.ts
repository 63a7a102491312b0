import { basename } from "node:path";
import * as vscode from "vscode";
import type { ReviewedFile } from "../../protocol/review.ts";
import { sanitizeLine } from "../../protocol/sanitizeForDisplay.ts";
import { baselineUri, goneUri, unifiedUri } from "./reviewUris.ts";

/** What the tab with all changes is called. */
export const allChangesTitle = vscode.l10n.t("Patchwright: Changes to Review");

/** Shows a file under review against its baseline, side by side. A deleted one is compared with nothing. */
export async function showDiff(file: ReviewedFile): Promise<void> {
  const now = file.kind === "delete" ? goneUri(file.path) : vscode.Uri.file(file.path);
  await vscode.commands.executeCommand("vscode.diff", baselineUri(file.path), now, diffTitle(file));
}

/** Shows several files against their baselines in one tab, which stays until the user closes it. */
export async function showAllChanges(files: readonly ReviewedFile[]): Promise<void> {
  const rows = files.map(({ path, kind }) => {
    const now = vscode.Uri.file(path);
    return [now, kind === "add" ? undefined : baselineUri(path), kind === "delete" ? undefined : now];
  });
  await vscode.commands.executeCommand("vscode.changes", allChangesTitle, rows);
  await vscode.commands.executeCommand("workbench.action.keepEditor");
}

/** Shows a file under review in one read-only document, its deleted lines included. Resolves with its editor. */
export async function showUnified(file: ReviewedFile): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(unifiedUri(file.path));
  return vscode.window.showTextDocument(document);
}

function diffTitle({ path, movedFrom }: ReviewedFile): string {
  const name = sanitizeLine(basename(path));
  const file = movedFrom === null ? name : `${sanitizeLine(basename(movedFrom))} → ${name}`;
  return vscode.l10n.t("{file} (changes to review)", { file });
}
