import * as vscode from "vscode";
import type { FileSystem } from "../host/files.ts";
import type { EditorState } from "../protocol/editorMethods.ts";
import { AgentError } from "../protocol/errors.ts";
import type { EditorActions } from "./editorShell.ts";
import { notices } from "./notices.ts";
import { isNetworkPath, placesOf } from "./places.ts";
import { labelText } from "./shownWords.ts";

const maxPickable = 5000;

export interface EditorActionsOptions {
  readonly files: FileSystem;
  state(): EditorState;
  /** Shows the command of an item; false when it is not known in this window. */
  showTerminal(itemId: string): boolean;
  showDiff(params: { threadId: string; itemId: string; path: string }): Promise<void>;
  /** Opens a hunk under review: the named one, else the first of the file, else the first of all. */
  reviewChanges(at: { path?: string | undefined; hunkId?: string | undefined }): Promise<void>;
  /** Shows a file under review against its baseline. */
  showChange(path: string): Promise<void>;
  /** Shows all files of a thread that are under review against their baselines. */
  showAllChanges(threadId: string): Promise<void>;
  /** False when the user backs out. */
  enterKey(): Promise<boolean>;
  startDemo(): Promise<void>;
}

/** What the panel asks of the window around it. */
export function createEditorActions(options: EditorActionsOptions): EditorActions {
  return {
    "editor/state": async () => options.state(),
    "editor/openFile": (place) => openFile(place),
    "editor/showDiff": async (params) => {
      await options.showDiff(params);
      return {};
    },
    "editor/reviewChanges": async (at) => {
      await options.reviewChanges(at);
      return {};
    },
    "editor/showChange": async ({ path }) => {
      await options.showChange(path);
      return {};
    },
    "editor/showAllChanges": async ({ threadId }) => {
      await options.showAllChanges(threadId);
      return {};
    },
    "editor/showTerminal": async ({ itemId }) => {
      if (!options.showTerminal(itemId)) {
        notices.inform(
          vscode.l10n.t(
            "There is no terminal for this command: it ran before the window was reloaded, or in another window.",
          ),
        );
      }
      return {};
    },
    "editor/enterKey": async () => ({ entered: await options.enterKey() }),
    "editor/startDemo": async () => {
      await options.startDemo();
      return {};
    },
    "editor/openSettings": async ({ query }) => {
      await vscode.commands.executeCommand("workbench.action.openSettings", query);
      return {};
    },
    "editor/openLink": async ({ url }) => {
      await openLink(url);
      return {};
    },
    "editor/pickFiles": async () => ({ paths: await pickFiles(options.files) }),
    "editor/openFolder": async () => {
      await vscode.commands.executeCommand("workbench.action.files.openFolder");
      return {};
    },
    "editor/manageTrust": async () => {
      await vscode.commands.executeCommand("workbench.trust.manage");
      return {};
    },
    "editor/copy": async ({ text }) => {
      await vscode.env.clipboard.writeText(text);
      return {};
    },
  };
}

async function openFile({
  path,
  line,
  column,
}: {
  path: string;
  line?: number | undefined;
  column?: number | undefined;
}) {
  const uri = await findFile(path);
  if (!uri) {
    notices.inform(vscode.l10n.t('There is no file "{path}" in this workspace.', { path }));
    return {};
  }
  const at = line === undefined ? undefined : new vscode.Position(line - 1, (column ?? 1) - 1);
  await vscode.commands.executeCommand("vscode.open", uri, at ? { selection: new vscode.Range(at, at) } : {});
  return {};
}

/** The file that a path of the agent's means: an absolute one, or one of the first workspace folder that has it. */
async function findFile(path: string): Promise<vscode.Uri | undefined> {
  if (isNetworkPath(path)) {
    throw new AgentError(
      "permissionDenied",
      vscode.l10n.t('"{path}" is on another machine. Open it by hand if you trust that machine.', { path }),
    );
  }
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  for (const place of placesOf(path, roots)) {
    const uri = vscode.Uri.file(place);
    const found = await vscode.workspace.fs.stat(uri).then(
      ({ type }) => (type & vscode.FileType.Directory) === 0,
      () => false,
    );
    if (found) return uri;
  }
  return undefined;
}

async function openLink(url: string): Promise<void> {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "https:" && parsed?.protocol !== "http:") {
    const message = vscode.l10n.t('Only http and https addresses can be opened, not "{url}".', { url });
    throw new AgentError("unsupported", message);
  }
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

async function pickFiles(files: FileSystem): Promise<string[]> {
  const items = await vscode.window.showQuickPick(listFiles(files), {
    title: vscode.l10n.t("Mention Files"),
    placeHolder: vscode.l10n.t("Pick the files that your message is about"),
    canPickMany: true,
    matchOnDescription: true,
  });
  return (items ?? []).map(({ path }) => path);
}

async function listFiles(files: FileSystem) {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const lists = await Promise.all(
    folders.map(({ uri }) => files.list(uri.fsPath, { limit: maxPickable }, new AbortController().signal)),
  );
  return lists
    .flatMap(({ paths }) => paths)
    .map((path) => {
      const relative = vscode.workspace.asRelativePath(path, folders.length > 1);
      const cut = relative.lastIndexOf("/");
      const folder = cut < 0 ? "" : relative.slice(0, cut);
      return { label: labelText(relative.slice(cut + 1)), description: labelText(folder), path };
    });
}
