import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { FileSystem, FileWatch } from "../host.ts";
import { pathKey } from "./compare.ts";

/** Followed files outside the workspace beyond this number are looked at only when something else happens. */
const MAX_OUTSIDE = 100;

/** `FileSystem.watch` by the editor's own events: what happens in documents, and to all files of the workspace. */
export const watchFiles: FileSystem["watch"] = (listener): FileWatch => {
  /** The followed paths as they were given, by key. */
  const followed = new Map<string, string>();
  const outside = new Map<string, vscode.Disposable>();

  const changed = ({ scheme, fsPath }: vscode.Uri, by: "editor" | "disk") => {
    if (scheme === "file") listener({ kind: "changed", path: followed.get(pathKey(fsPath)) ?? fsPath, by });
  };
  const watcherOf = (pattern: vscode.GlobPattern) => {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const onDisk = (uri: vscode.Uri) => changed(uri, "disk");
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(onDisk),
      watcher.onDidChange(onDisk),
      watcher.onDidDelete(onDisk),
    );
  };
  const always = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      // A document that was read again because the disk changed is as clean after it as before.
      if (contentChanges.length > 0)
        changed(document.uri, document.isDirty || reason !== undefined ? "editor" : "disk");
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => changed(uri, "editor")),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => changed(uri, "editor")),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files)
        if (oldUri.scheme === "file" && newUri.scheme === "file")
          listener({
            kind: "moved",
            path: followed.get(pathKey(oldUri.fsPath)) ?? oldUri.fsPath,
            movePath: newUri.fsPath,
          });
    }),
    watcherOf("**/*"),
  );

  return {
    follow(paths) {
      followed.clear();
      for (const path of paths) followed.set(pathKey(path), path);
      const isOutside = (path: string) => !vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
      const wanted = new Set(paths.filter(isOutside).slice(0, MAX_OUTSIDE));
      for (const [path, watcher] of outside) {
        if (wanted.has(path)) continue;
        watcher.dispose();
        outside.delete(path);
      }
      for (const path of wanted) {
        if (outside.has(path)) continue;
        const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path));
        outside.set(path, watcherOf(pattern));
      }
    },
    dispose() {
      always.dispose();
      for (const watcher of outside.values()) watcher.dispose();
    },
  };
};
