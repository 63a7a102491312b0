import * as vscode from "vscode";
import type { ReviewFiles } from "./reviewFiles.ts";

/** A small letter beside files under review, in the explorer and in tabs. */
export function createFileBadges(files: ReviewFiles): vscode.Disposable {
  const tooltip = vscode.l10n.t("Changes by Patchwright to review");
  const changed = new vscode.EventEmitter<vscode.Uri[]>();
  const provider: vscode.FileDecorationProvider = {
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: ({ scheme, fsPath }) =>
      scheme === "file" && files.get(fsPath) ? { badge: "P", tooltip } : undefined,
  };
  return vscode.Disposable.from(
    changed,
    files.onDidChange((paths) => changed.fire(paths.map((path) => vscode.Uri.file(path)))),
    vscode.window.registerFileDecorationProvider(provider),
  );
}
