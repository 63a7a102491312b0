import * as vscode from "vscode";
import type { FileHint } from "../../src/host/files.ts";
import { equal } from "../host/expect.ts";
import type { Check } from "../workbench/insideHost.ts";
import { type VscodeFixture, withVscodeHost } from "./vscodeFixture.ts";

/** A followed file "a.txt" with "1\n" in it that an editor shows. */
interface Shown extends VscodeFixture {
  readonly path: string;
  readonly document: vscode.TextDocument;
  readonly editor: vscode.TextEditor;
  /** Resolves once this hint comes; others may come before it. */
  hinted(wanted: FileHint): Promise<void>;
  type(text: string): Promise<void>;
}

function check(name: string, run: (shown: Shown) => Promise<void>): Check {
  return {
    name,
    run: () =>
      withVscodeHost(async (fixture) => {
        const path = fixture.join("a.txt");
        await fixture.writeBytes(path, new TextEncoder().encode("1\n"));
        const document = await vscode.workspace.openTextDocument(path);
        const editor = await vscode.window.showTextDocument(document);
        const waiting: { wanted: string; tell: () => void }[] = [];
        const watch = fixture.host.files.watch((hint) => {
          for (const { wanted, tell } of waiting) if (wanted === JSON.stringify(hint)) tell();
        });
        watch.follow([path]);
        const hinted = (wanted: FileHint) =>
          new Promise<void>((tell) => waiting.push({ wanted: JSON.stringify(wanted), tell }));
        const type = async (text: string) =>
          equal(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text)), true);
        try {
          await run({ ...fixture, path, document, editor, hinted, type });
        } finally {
          watch.dispose();
          await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
          await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        }
      }),
  };
}

const changedBy = (path: string, by: "editor" | "disk"): FileHint => ({ kind: "changed", path, by });

export const checks: readonly Check[] = [
  check("what is typed is the editor's", async ({ path, hinted, type }) => {
    const hint = hinted(changedBy(path, "editor"));
    await type("typed ");
    await hint;
  }),
  check("what is undone is, too", async ({ path, hinted, type }) => {
    await type("typed ");
    const hint = hinted(changedBy(path, "editor"));
    await vscode.commands.executeCommand("undo");
    await hint;
  }),
  check("and what is saved", async ({ path, hinted, type, document }) => {
    await type("typed ");
    const hint = hinted(changedBy(path, "editor"));
    equal(await document.save(), true);
    await hint;
  }),
  check("a document that is read again is the disk's", async ({ path, hinted, writeBytes }) => {
    const hint = hinted(changedBy(path, "disk"));
    await writeBytes(path, new TextEncoder().encode("2\n"));
    await hint;
  }),
  check("a file that the user renames has moved", async ({ path, hinted, join }) => {
    const hint = hinted({ kind: "moved", path, movePath: join("b.txt") });
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.file(path), vscode.Uri.file(join("b.txt")));
    equal(await vscode.workspace.applyEdit(edit), true);
    await hint;
  }),
];
