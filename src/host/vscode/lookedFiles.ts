import * as vscode from "vscode";

/** Tells of each file that changes in the workspace, or is opened: by these events the editor's own git finds repositories, and looks at them. */
export function watchLookedFiles(looked: (path: string) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher("**");
  const tell = ({ scheme, fsPath }: vscode.Uri) => {
    if (scheme === "file") looked(fsPath);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(tell),
    watcher.onDidChange(tell),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => tell(uri)),
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) tell(document.uri);
    }),
  );
}
