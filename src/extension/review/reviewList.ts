import { basename } from "node:path";
import * as vscode from "vscode";
import type { ReviewedFile } from "../../protocol/review.ts";
import { labelText } from "../shownWords.ts";
import type { Decisions } from "./decisions.ts";
import type { ReviewFiles } from "./reviewFiles.ts";

const keepButton = { iconPath: new vscode.ThemeIcon("check-all"), tooltip: vscode.l10n.t("Keep All Changes in File") };
const undoButton = { iconPath: new vscode.ThemeIcon("discard"), tooltip: vscode.l10n.t("Undo All Changes in File") };

export interface ListActions {
  readonly files: ReviewFiles;
  readonly decisions: Decisions;
  open(path: string): Promise<void>;
  onFault(error: unknown): void;
}

interface Entry extends vscode.QuickPickItem {
  readonly run?: () => Promise<unknown>;
  readonly path?: string;
}

/** The files under review in a list: each opens, or is kept or undone by its buttons, while the list stays. */
export function showReviewList({ files, decisions, open, onFault }: ListActions): void {
  const pick = vscode.window.createQuickPick<Entry>();
  pick.title = vscode.l10n.t("Changes to Review");
  pick.placeholder = vscode.l10n.t("Open a file at its first change");
  pick.matchOnDescription = true;
  const fill = () => {
    const all = files.all();
    if (all.length === 0) pick.hide();
    else pick.items = [...all.map(entryOf), ...commonEntries()];
  };
  const run = (step: Promise<unknown> | undefined) => void step?.catch(onFault);
  const listening = files.onDidChange(fill);
  pick.onDidTriggerItemButton(({ item: { path }, button }) => {
    if (path !== undefined) run(button === keepButton ? decisions.keep({ path }) : decisions.undo({ path }));
  });
  pick.onDidAccept(() => {
    const [entry] = pick.selectedItems;
    pick.hide();
    run(entry?.path === undefined ? entry?.run?.() : open(entry.path));
  });
  pick.onDidHide(() => {
    listening.dispose();
    pick.dispose();
  });
  fill();
  pick.show();
}

function entryOf(file: ReviewedFile): Entry {
  const { path, binary, added, removed } = file;
  const folder = vscode.workspace.asRelativePath(path).split("/").slice(0, -1).join("/");
  return {
    label: labelText(basename(path)),
    description: labelText(folder),
    detail: binary ? vscode.l10n.t("Not text") : `${changesOf(file)}, +${added} −${removed}`,
    path,
    buttons: [keepButton, undoButton],
  };
}

function changesOf({ kind, hunks: { length: count } }: ReviewedFile): string {
  if (kind === "add") return vscode.l10n.t("new file");
  if (kind === "delete") return vscode.l10n.t("deleted");
  return count === 1 ? vscode.l10n.t("1 change") : vscode.l10n.t("{count} changes", { count });
}

function commonEntries(): Entry[] {
  const command = (name: string) => async () => vscode.commands.executeCommand(`patchwright.${name}`);
  return [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: `$(diff-multiple) ${vscode.l10n.t("Show All Changes")}`, run: command("openAllChanges") },
    { label: `$(check-all) ${vscode.l10n.t("Keep Everything")}`, run: command("keepAll") },
    { label: `$(discard) ${vscode.l10n.t("Undo Everything")}`, run: command("undoAll") },
  ];
}
