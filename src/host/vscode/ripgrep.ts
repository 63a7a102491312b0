import * as vscode from "vscode";
import { ripgrepPlaces } from "./ripgrepPlaces.ts";

/** The running editor's ripgrep; undefined when it has none. */
export async function findRipgrep(): Promise<string | undefined> {
  const root = vscode.Uri.file(vscode.env.appRoot);
  for (const candidate of ripgrepPlaces(process.platform, process.arch)) {
    const uri = vscode.Uri.joinPath(root, candidate);
    const found = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (found) return uri.fsPath;
  }
  return undefined;
}
