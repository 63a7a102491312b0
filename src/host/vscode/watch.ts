import * as vscode from "vscode";
import type { FileSystem, FileWatch } from "../files.ts";
import { pathKey } from "./compare.ts";

/** `FileSystem.watch` by the editor's own events: what happens in documents, and to all files of the workspace; `disk` watches the others. */
export function createWatch(disk: FileSystem): FileSystem["watch"] {
  return (listener): FileWatch => {
    /** The followed paths as they were given, by key. */
    const followed = new Map<string, string>();
    const given = (path: string) => followed.get(pathKey(path)) ?? path;
    const changed = ({ scheme, fsPath }: vscode.Uri, by: "editor" | "disk") => {
      if (scheme === "file") listener({ kind: "changed", path: given(fsPath), by });
    };
    const onDisk = (uri: vscode.Uri) => changed(uri, "disk");
    const outside = disk.watch(listener);
    const workspace = vscode.workspace.createFileSystemWatcher("**/*");
    const listeners = vscode.Disposable.from(
      workspace,
      workspace.onDidCreate(onDisk),
      workspace.onDidChange(onDisk),
      workspace.onDidDelete(onDisk),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
        // A document that was read again because the disk changed is as clean after it as before. One that was clean when somebody typed is
        // so still when that is told; that it is not any more is told next, without a change.
        const isTyped = document.isDirty || reason !== undefined;
        if (isTyped || contentChanges.length > 0) changed(document.uri, isTyped ? "editor" : "disk");
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => changed(uri, "editor")),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => changed(uri, "editor")),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files)
          if (oldUri.scheme === "file" && newUri.scheme === "file")
            listener({ kind: "moved", path: given(oldUri.fsPath), movePath: newUri.fsPath });
      }),
    );
    return {
      follow(paths) {
        followed.clear();
        for (const path of paths) followed.set(pathKey(path), path);
        outside.follow(paths.filter((path) => !vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))));
      },
      dispose() {
        listeners.dispose();
        outside.dispose();
      },
    };
  };
}
