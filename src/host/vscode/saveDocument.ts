import * as vscode from "vscode";

/** How long somebody else's save is waited for, in milliseconds: longer than the editor gives most who take part in one. */
const PATIENCE_MS = 3000;

/**
 * Saves a document. The editor refuses that while others, such as formatters, take part in a save of it that began before, be it an auto save:
 * that one is waited for. Resolves with false when the document stays unsaved; what was typed meanwhile is never saved.
 */
export async function saveDocument(document: vscode.TextDocument): Promise<boolean> {
  const text = document.getText();
  if (!document.isDirty || (await document.save())) return true;
  await savedElsewhere(document);
  return !document.isDirty || (document.getText() === text && (await document.save()));
}

function savedElsewhere(document: vscode.TextDocument): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(done, PATIENCE_MS);
    const listener = vscode.workspace.onDidSaveTextDocument((saved) => {
      if (saved === document) done();
    });
    if (!document.isDirty) done();
  });
}
