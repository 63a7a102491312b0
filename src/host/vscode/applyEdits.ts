import * as vscode from "vscode";
import { AgentError, throwIfAborted, toAgentError } from "../../protocol/errors.ts";
import type { ApplyResult, FileEdit, FileSystem, Landings } from "../files.ts";
import { leadsElsewhere } from "../node/editPlan.ts";
import { sameBytes } from "./compare.ts";
import { changed, type DocumentEdit, type EditPlan, planEdits } from "./editPlan.ts";
import { minimalEdits } from "./minimalEdits.ts";
import { saveDocument } from "./saveDocument.ts";

/** `FileSystem.apply` over documents and, for what does not survive them, over `disk`. Calls take effect one after the other. */
export function createApply(disk: FileSystem): FileSystem["apply"] {
  let last: Promise<unknown> = Promise.resolve();
  return (edits, signal, landings) => {
    const result = last.then(() => applyEdits(edits, { disk, landings }, signal));
    last = result.catch(() => undefined);
    return result;
  };
}

/** The texts of documents right after they were saved, with what save participants made of them. */
type SavedTexts = Map<DocumentEdit, string>;

/** Documents come first, because they can be put back exactly; `disk` then writes the rest, all or none by itself. */
async function applyEdits(
  edits: readonly FileEdit[],
  { disk, landings }: Below,
  signal: AbortSignal,
): Promise<ApplyResult> {
  throwIfAborted(signal);
  const plan = await planEdits(edits, disk, signal);
  throwIfAborted(signal);
  const saved: SavedTexts = new Map();
  await requireLandings(plan.documents, { disk, landings });
  await changeDocuments(plan.documents);
  try {
    await requireLandings(plan.documents, { disk, landings });
    await saveDocuments(plan.documents, saved);
    const whole = new AbortController().signal;
    const written = plan.bytes.length > 0 ? await disk.apply(plan.bytes, whole, landings) : nothingWritten;
    return await outcome(plan, saved, { disk, written });
  } catch (error) {
    for (const edit of plan.documents) await restore(edit, saved.get(edit), disk);
    throw toAgentError(error);
  }
}

interface Below {
  readonly disk: FileSystem;
  readonly landings: Landings | undefined;
}

/** The editor saves by the path, so that is looked at right before. Bytes are written by `disk`, which holds the folders. */
async function requireLandings(edits: readonly DocumentEdit[], { disk, landings }: Below): Promise<void> {
  if (landings === undefined) return;
  for (const { path } of edits) {
    const realPath = await disk.realPath(path, new AbortController().signal);
    if (realPath !== landings.get(path)?.realPath) throw leadsElsewhere(path, realPath);
  }
}

const nothingWritten: ApplyResult = { savedPaths: [], unsavedPaths: [], adjusted: new Map() };

/** One WorkspaceEdit for all documents, or none of it: the editor refuses it when a document has another version than this one. */
async function changeDocuments(edits: readonly DocumentEdit[]): Promise<void> {
  if (edits.length === 0) return;
  for (const { document, beforeText, path, wasDirty } of edits) {
    const same = !document.isClosed && document.isDirty === wasDirty && document.getText() === beforeText;
    if (!same) throw changed(path);
  }
  const workspaceEdit = new vscode.WorkspaceEdit();
  for (const { document, afterText } of edits) replaceText(workspaceEdit, document, afterText);
  const paths = edits.map(({ path }) => path).join(", ");
  if (!(await vscode.workspace.applyEdit(workspaceEdit))) throw changed(paths);
}

function replaceText(workspaceEdit: vscode.WorkspaceEdit, document: vscode.TextDocument, text: string): void {
  for (const { start, end, text: inserted } of minimalEdits(document.getText(), text)) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    workspaceEdit.replace(document.uri, range, inserted);
  }
}

/** Saves what was clean before, unless the user has typed into it by now. Each save is entered into `saved` at once. */
async function saveDocuments(edits: readonly DocumentEdit[], saved: SavedTexts): Promise<void> {
  for (const edit of edits) {
    const { document, path, wasDirty, afterText } = edit;
    if (wasDirty || document.getText() !== afterText) continue;
    if (!(await saveDocument(document))) {
      throw new AgentError(
        "permissionDenied",
        `The editor could not save ${path}: it is read-only, or something else changed it meanwhile. The whole edit was taken back.`,
      );
    }
    saved.set(edit, document.getText());
  }
}

async function outcome(
  { documents }: EditPlan,
  saved: SavedTexts,
  { disk, written }: { disk: FileSystem; written: ApplyResult },
): Promise<ApplyResult> {
  const adjusted = new Map(written.adjusted);
  for (const { path, after } of saved.keys()) {
    const { bytes } = await disk.read(path, new AbortController().signal);
    if (!sameBytes(bytes, after)) adjusted.set(path, bytes);
  }
  const paths = (wanted: boolean) => documents.filter((edit) => saved.has(edit) === wanted).map(({ path }) => path);
  return {
    savedPaths: [...paths(true), ...written.savedPaths],
    unsavedPaths: [...paths(false), ...written.unsavedPaths],
    adjusted,
  };
}

/**
 * Puts a document back to its text before, and on disk too when it was saved. What the user typed meanwhile is never touched:
 * such a document stays as it is.
 */
async function restore(edit: DocumentEdit, savedText: string | undefined, disk: FileSystem): Promise<void> {
  const { document, path, before, beforeText, afterText, wasDirty } = edit;
  if (document.getText() !== (savedText ?? afterText)) return;
  const workspaceEdit = new vscode.WorkspaceEdit();
  replaceText(workspaceEdit, document, beforeText);
  await vscode.workspace.applyEdit(workspaceEdit);
  if (wasDirty) return;
  await document.save();
  const { signal } = new AbortController();
  const { bytes } = await disk.read(path, signal);
  if (savedText === undefined || sameBytes(bytes, before)) return;
  await disk.apply([{ kind: "update", path, before: bytes, after: before }], signal);
}
