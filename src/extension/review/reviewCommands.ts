import * as vscode from "vscode";
import { AgentError } from "../../protocol/errors.ts";
import type { ReviewedFile } from "../../protocol/review.ts";
import type { Decisions } from "./decisions.ts";
import type { HunkName } from "./deletedText.ts";
import { findFront, placesIn, type ReviewParts } from "./front.ts";
import { nearestHunk } from "./hunkPlaces.ts";
import { reviewedPath } from "./reviewUris.ts";
import { showAllChanges, showDiff, showUnified } from "./views.ts";
import { followerOf, goTo, type Walk } from "./walk.ts";

const followMs = 500;

export interface ReviewCommandParts extends ReviewParts {
  readonly decisions: Decisions;
  readonly walk: Walk;
  showList(): void;
}

/** The commands about review, by their names without the section. Buttons name the hunk or file that they mean; keys mean the one at the cursor. */
export function reviewCommands(parts: ReviewCommandParts): Record<string, (argument: unknown) => unknown> {
  const { files, decisions, walk } = parts;
  return {
    keepHunk: (argument) => decideHunk(argument, (hunk) => decisions.keep(hunk), parts),
    undoHunk: (argument) => decideHunk(argument, (hunk) => decisions.undo(hunk), parts),
    keepFile: (argument) => decisions.keep({ path: fileOf(argument, parts).path }),
    undoFile: (argument) => decisions.undo({ path: fileOf(argument, parts).path }),
    keepAll: () => decisions.keep({}),
    undoAll: () => decisions.undoAll(),
    nextHunk: (argument) => walk.toHunk(1, hunkName(argument)),
    previousHunk: (argument) => walk.toHunk(-1, hunkName(argument)),
    nextFile: () => walk.toFile(1),
    previousFile: () => walk.toFile(-1),
    openDiff: (argument) => showDiff(fileOf(argument, parts)),
    openUnified: (argument) => showUnified(fileOf(argument, parts)),
    openAllChanges: () => showAllChanges(files.all()),
    copyDeleted: (argument) => copyDeleted(argument, parts),
    listChanges: () => parts.showList(),
    toggleOverlay,
  };
}

function hunkName(argument: unknown): HunkName | undefined {
  if (typeof argument !== "object" || argument === null || !("path" in argument) || !("hunkId" in argument)) return;
  const { path, hunkId } = argument;
  return typeof path === "string" && typeof hunkId === "string" ? { path, hunkId } : undefined;
}

/** The file that a button belongs to, else the one in front. */
function fileOf(argument: unknown, parts: ReviewParts): ReviewedFile {
  const uri = argument instanceof vscode.Uri ? argument : undefined;
  const path = uri ? reviewedPath(uri) : hunkName(argument)?.path;
  const file = path === undefined ? findFront(parts)?.file : parts.files.get(path);
  if (!file) throw missing(vscode.l10n.t("This file has no changes to review."));
  return file;
}

function missing(message: string): AgentError {
  return new AgentError("notFound", message);
}

type Decide = (hunk: { path: string; hunkIds: string[] }) => Promise<void>;

/**
 * A named hunk is decided where it is. By key it is the one at the cursor, else the nearest one: that is first shown when it is out of
 * sight, and only decided with the next press. Then the cursor goes on to the next hunk of the file.
 */
async function decideHunk(argument: unknown, decide: Decide, parts: ReviewCommandParts): Promise<void> {
  const named = hunkName(argument);
  if (named) return decide({ path: named.path, hunkIds: [named.hunkId] });
  const front = findFront(parts);
  const editor = front?.editor;
  if (!editor) throw missing(vscode.l10n.t("There is no change at the cursor. Open a file with changes to review."));
  const at = nearestHunk(front.places, editor.selection.active.line);
  const place = front.places[at];
  if (!place) throw missing(vscode.l10n.t("This file has no changes to review."));
  if (!isVisible(editor, place.start)) return goTo(editor, place);
  const follower = followerOf({ ...front, at });
  const followed = following(editor.document);
  await decide({ path: front.file.path, hunkIds: [place.hunk.id] });
  await followed;
  const next = placesIn(editor.document, parts).find(({ hunk }) => hunk.id === follower);
  if (next && vscode.window.activeTextEditor === editor) goTo(editor, next);
}

/** A view of a file shows a decision a moment after it was made, the file's own document with it. Resolves after half a second at the latest. */
function following(document: vscode.TextDocument): Promise<void> {
  if (document.uri.scheme === "file") return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const timer = setTimeout(done, followMs);
    const listening = vscode.workspace.onDidChangeTextDocument((change) => change.document === document && done());
  });
}

function isVisible({ visibleRanges }: vscode.TextEditor, line: number): boolean {
  return visibleRanges.some(({ start, end }) => start.line <= line && line <= end.line + 1);
}

async function copyDeleted(argument: unknown, { files }: ReviewParts): Promise<void> {
  const name = hunkName(argument);
  const hunk = name && files.get(name.path)?.hunks.find(({ id }) => id === name.hunkId);
  if (!name || !hunk) throw missing(vscode.l10n.t("These lines are not under review any more. Nothing was copied."));
  const { baseline } = await files.read(name.path);
  const lines = (baseline ?? "").split(/(?<=\r\n|\n|\r(?!\n))/);
  await vscode.env.clipboard.writeText(lines.slice(hunk.oldStart - 1, hunk.oldStart - 1 + hunk.oldCount).join(""));
}

async function toggleOverlay(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("patchwright");
  const shown = configuration.get<boolean>("review.overlay", true);
  await configuration.update("review.overlay", !shown, vscode.ConfigurationTarget.Global);
}
