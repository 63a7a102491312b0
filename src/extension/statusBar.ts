import * as vscode from "vscode";
import { statusText } from "./statusText.ts";
import type { WindowClient } from "./windowClient.ts";

/** The status bar item, kept up to date. Also keeps the context key that enables the command to stop. */
export function createStatusBar(client: WindowClient): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("patchwright.status", vscode.StatusBarAlignment.Right, 90);
  item.name = "Patchwright";
  item.command = "patchwright.open";
  const attention = new vscode.ThemeColor("statusBarItem.warningBackground");
  const update = () => {
    const statuses = client.views().map(({ thread }) => thread.status);
    const { hasKey, sandbox } = client;
    const { text, tooltip, calls } = statusText(
      { trusted: vscode.workspace.isTrusted, hasKey, sandbox, statuses },
      vscode.l10n,
    );
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: `${text.replace(/\$\([^)]*\) /, "")}. ${tooltip}`, role: "button" };
    item.backgroundColor = calls ? attention : undefined;
    void vscode.commands.executeCommand("setContext", "patchwright.working", statuses.length > 0);
  };
  update();
  item.show();
  return vscode.Disposable.from(
    item,
    client.onEvent(({ kind }) => kind === "changed" && update()),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
}
