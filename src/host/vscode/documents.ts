import { access, constants, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { AgentError } from "../../protocol/errors.ts";
import { hasOnlyLineEnd, pathKey, sameBytes } from "./compare.ts";

/** Files above this size are not opened as documents: their bytes are written instead. */
const maxDocumentBytes = 4 * 1024 * 1024;

/** The document that the editor holds for a file; undefined when it has none. */
export function openDocument(path: string): vscode.TextDocument | undefined {
  const key = pathKey(path);
  return vscode.workspace.textDocuments.find(
    ({ uri, isClosed }) => !isClosed && uri.scheme === "file" && pathKey(uri.fsPath) === key,
  );
}

/** The document with unsaved changes in this file, whatever name it was opened by; undefined when there is none. */
export async function unsavedDocument(path: string): Promise<vscode.TextDocument | undefined> {
  const unsaved = vscode.workspace.textDocuments.filter(({ uri, isDirty }) => isDirty && uri.scheme === "file");
  if (unsaved.length === 0) return undefined;
  const key = pathKey(path);
  const sameName = unsaved.find(({ uri }) => pathKey(uri.fsPath) === key);
  if (sameName) return sameName;
  const real = await realpath(path).catch(() => undefined);
  for (const document of unsaved) {
    if (real !== undefined && real === (await realpath(document.uri.fsPath).catch(() => undefined))) return document;
  }
  return undefined;
}

/** True when an editor that is not a text editor (a notebook, a custom editor) holds unsaved changes in this file. */
export function unsavedElsewhere(path: string): boolean {
  const key = pathKey(path);
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(
      ({ isDirty, input }) =>
        isDirty &&
        (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputNotebook) &&
        pathKey(input.uri.fsPath) === key,
    );
}

/** True when the editor will be able to save the file, as far as permissions say. */
export async function isWritable(path: string): Promise<boolean> {
  const real = await realpath(path);
  const writable = async (place: string) => {
    await access(place, constants.W_OK);
    return ((await stat(place)).mode & 0o222) !== 0;
  };
  return Promise.all([writable(real), writable(dirname(real))]).then(
    (both) => both.every(Boolean),
    () => false,
  );
}

/** Opens the file as a document without showing it; undefined when the editor takes it for binary, or it is too large. */
export async function loadDocument(path: string, size: number): Promise<vscode.TextDocument | undefined> {
  if (size > maxDocumentBytes) return undefined;
  return vscode.workspace.openTextDocument(vscode.Uri.file(path)).then(
    (document) => document,
    () => undefined,
  );
}

/** The bytes that saving the document as it stands would write. Rejects with `unfaithful` when its encoding lacks a character. */
export async function bytesOf(document: vscode.TextDocument): Promise<Uint8Array> {
  const { encoding } = document;
  const text = document.getText();
  const bytes = new Uint8Array(await vscode.workspace.encode(text, { encoding }));
  if ((await vscode.workspace.decode(bytes, { encoding })) !== text) {
    throw new AgentError(
      "unfaithful",
      `${document.uri.fsPath} has unsaved text that its encoding (${encoding}) cannot hold. Save it with another encoding first.`,
    );
  }
  return bytes;
}

/** The text that stands for these bytes in this document; undefined when saving it would write other bytes. */
export async function faithfulText(document: vscode.TextDocument, bytes: Uint8Array): Promise<string | undefined> {
  const { encoding, eol } = document;
  const text = await vscode.workspace.decode(bytes, { encoding });
  if (!hasOnlyLineEnd(text, eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n")) return undefined;
  return sameBytes(await vscode.workspace.encode(text, { encoding }), bytes) ? text : undefined;
}
