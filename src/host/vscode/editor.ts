import * as vscode from "vscode";
import type { Editor, OpenEditors } from "../editor.ts";
import type { Diagnostics } from "./diagnostics.ts";

export function createEditor(diagnostics: Diagnostics): Editor {
  return {
    workspaceRoots: () =>
      (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => isFile(uri)).map(({ uri }) => uri.fsPath),
    diagnostics: (paths, signal) => diagnostics.read(paths, signal),
    openEditors,
  };
}

function openEditors(): OpenEditors {
  const active = vscode.window.activeTextEditor;
  const shown = active && isFile(active.document.uri) ? active : undefined;
  const visiblePaths = vscode.window.visibleTextEditors
    .map(({ document }) => document.uri)
    .filter(isFile)
    .map(fsPath);
  const openPaths = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText && isFile(input.uri) ? [input.uri.fsPath] : []));
  return {
    ...(shown ? { activePath: shown.document.uri.fsPath } : {}),
    ...(shown && !shown.selection.isEmpty
      ? { selection: { startLine: shown.selection.start.line + 1, endLine: shown.selection.end.line + 1 } }
      : {}),
    visiblePaths: [...new Set(visiblePaths)],
    openPaths: [...new Set(openPaths)],
  };
}

function isFile({ scheme }: vscode.Uri): boolean {
  return scheme === "file";
}

function fsPath(uri: vscode.Uri): string {
  return uri.fsPath;
}
