import type * as vscode from "vscode";
import { AgentError } from "../../protocol/errors.ts";
import type { FileEdit, FileSystem } from "../files.ts";
import { pathKey, sameBytes } from "./compare.ts";
import {
  bytesOf,
  faithfulText,
  isWritable,
  loadDocument,
  openDocument,
  unsavedDocument,
  unsavedElsewhere,
} from "./documents.ts";

/** One update that goes through a document, because its bytes survive that. */
export interface DocumentEdit {
  readonly document: vscode.TextDocument;
  readonly path: string;
  readonly beforeText: string;
  readonly afterText: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** True when the user had unsaved changes: it is then left unsaved. */
  readonly wasDirty: boolean;
}

/** Which way each edit takes. */
export interface EditPlan {
  readonly documents: readonly DocumentEdit[];
  readonly bytes: readonly FileEdit[];
}

/** Finds the way of each edit and checks that it can be made. Writes nothing. Rejects as `FileSystem.apply` does. */
export async function planEdits(edits: readonly FileEdit[], disk: FileSystem, signal: AbortSignal): Promise<EditPlan> {
  const documents: DocumentEdit[] = [];
  const bytes: FileEdit[] = [];
  const repeated = repeatedPaths(edits);
  for (const edit of edits) {
    const alone = !pathsOf(edit).some((path) => repeated.has(pathKey(path)));
    const planned = alone && isPlainUpdate(edit) ? await planUpdate(edit, disk, signal) : undefined;
    if (planned) {
      documents.push(planned);
      continue;
    }
    await refuseUnsaved(edit);
    if (alone && edit.kind !== "add") await requireSame(edit, disk, signal);
    bytes.push(edit);
  }
  return { documents, bytes };
}

type UpdateEdit = Extract<FileEdit, { kind: "update" }>;

function isPlainUpdate(edit: FileEdit): edit is UpdateEdit {
  return edit.kind === "update" && edit.movePath === undefined;
}

function pathsOf(edit: FileEdit): string[] {
  return edit.kind === "update" && edit.movePath !== undefined ? [edit.path, edit.movePath] : [edit.path];
}

/** Keys of the paths that several edits touch: these edits build on one another, so they all go the same way, as bytes. */
function repeatedPaths(edits: readonly FileEdit[]): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const key of edits.flatMap(pathsOf).map((path) => pathKey(path))) {
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return repeated;
}

/** Finds a conflict before anything is changed; `disk.apply` looks again. */
async function requireSame(edit: Exclude<FileEdit, { kind: "add" }>, disk: FileSystem, signal: AbortSignal) {
  const { bytes } = await disk.read(edit.path, signal);
  if (!sameBytes(bytes, edit.before)) throw changed(edit.path);
}

/** The way through the document; undefined when the bytes are to be written instead. */
async function planUpdate(edit: UpdateEdit, disk: FileSystem, signal: AbortSignal): Promise<DocumentEdit | undefined> {
  const { path, before, after } = edit;
  const unsaved = await unsavedDocument(path);
  if (unsaved) return planUnsaved(unsaved, edit);
  const onDisk = await disk.read(path, signal);
  if (!sameBytes(onDisk.bytes, before)) throw changed(path);
  if (!(await isWritable(path))) return undefined;
  const document = openDocument(path) ?? (await loadDocument(path, before.length));
  if (!document) return undefined;
  const beforeText = document.getText();
  const survives = await bytesOf(document).then(
    (encoded) => sameBytes(encoded, before),
    () => false,
  );
  const afterText = survives ? await faithfulText(document, after) : undefined;
  if (afterText === undefined) return undefined;
  return { document, path, beforeText, afterText, before, after, wasDirty: false };
}

async function planUnsaved(document: vscode.TextDocument, { path, before, after }: UpdateEdit): Promise<DocumentEdit> {
  const beforeText = document.getText();
  if (!sameBytes(await bytesOf(document), before)) throw changed(path);
  const afterText = await faithfulText(document, after);
  if (afterText === undefined) {
    throw new AgentError(
      "unfaithful",
      `${path} has unsaved changes in the editor, and this edit would not survive being saved from there (line ends or encoding). ` +
        "Nothing was written. Ask the user to save the file, then read it again and repeat the edit.",
    );
  }
  return { document, path, beforeText, afterText, before, after, wasDirty: true };
}

/** Bytes are written below the editor: never where it holds changes that the user has not saved. */
async function refuseUnsaved(edit: FileEdit): Promise<void> {
  const target = edit.kind === "update" ? edit.movePath : undefined;
  if (edit.kind === "add" || target !== undefined) {
    const added = target ?? edit.path;
    if (await holdsUnsaved(added)) {
      throw new AgentError(
        "alreadyExists",
        `${added} is open in the editor with unsaved changes. Nothing was written.`,
      );
    }
  }
  if (edit.kind !== "add" && (await holdsUnsaved(edit.path))) {
    throw new AgentError(
      "unfaithful",
      `${edit.path} has unsaved changes in the editor. Nothing was written. Ask the user to save or revert the file, then repeat the edit.`,
    );
  }
}

async function holdsUnsaved(path: string): Promise<boolean> {
  return unsavedElsewhere(path) || (await unsavedDocument(path)) !== undefined;
}

export function changed(path: string): AgentError {
  return new AgentError(
    "conflict",
    `${path} changed since it was read. Nothing was written. Read it again and repeat the edit.`,
  );
}
