import * as vscode from "vscode";
import { AgentError } from "../../protocol/errors.ts";
import { Decisions } from "./decisions.ts";
import { createFileBadges } from "./fileBadges.ts";
import { findFront } from "./front.ts";
import { Lenses } from "./lenses.ts";
import { LivePlaces } from "./livePlaces.ts";
import { Overlay } from "./overlay.ts";
import { ReviewBar } from "./reviewBar.ts";
import { reviewCommands } from "./reviewCommands.ts";
import { ReviewContext } from "./reviewContext.ts";
import { ReviewDocuments } from "./reviewDocuments.ts";
import type { ReviewFiles } from "./reviewFiles.ts";
import { showReviewList } from "./reviewList.ts";
import { UnifiedView } from "./unifiedView.ts";
import { showAllChanges, showDiff } from "./views.ts";
import { Walk } from "./walk.ts";

export interface ReviewOptions {
  readonly files: ReviewFiles;
  /** Whether hunks are drawn in the editor. Read each time. */
  overlayShown(): boolean;
  onFault(error: unknown): void;
}

/** What the panel asks of review, and what the manifest's commands do. */
export interface Review extends vscode.Disposable {
  readonly commands: Record<string, (argument: unknown) => unknown>;
  reviewChanges(at: { path?: string | undefined; hunkId?: string | undefined }): Promise<void>;
  showChange(path: string): Promise<void>;
  showAllChanges(threadId: string): Promise<void>;
}

/** Review in the editor: everything that this window shows of the changes that wait for the user. */
export function openReview({ files, overlayShown, onFault }: ReviewOptions): Review {
  const live = new LivePlaces(files);
  const documents = new ReviewDocuments(files);
  const parts = { files, live, documents };
  const decisions = new Decisions(files);
  const walk = new Walk(parts);
  const overlay = new Overlay(live, overlayShown);
  const lenses = new Lenses(parts, overlayShown);
  const bar = new ReviewBar(parts);
  const context = new ReviewContext(parts);
  const open = (path: string) => walk.toPlace({ path });
  const showList = () => showReviewList({ files, decisions, open, onFault });
  let current = "";
  const update = () => {
    bar.update();
    context.update();
    const front = findFront(parts);
    const now = `${front?.editor?.document.uri ?? ""} ${front?.places[front.at]?.hunk.id ?? ""}`;
    if (now !== current) lenses.refresh();
    current = now;
  };
  const changed = () => {
    lenses.refresh();
    update();
  };
  update();
  const disposable = vscode.Disposable.from(
    ...[overlay, lenses, bar, documents, live, new UnifiedView(documents), createFileBadges(files)],
    files.onDidChange(update),
    live.onDidChange(changed),
    vscode.window.onDidChangeTextEditorSelection(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration("patchwright.review.overlay")) return;
      overlay.redraw();
      lenses.refresh();
    }),
  );
  return {
    commands: reviewCommands({ ...parts, decisions, walk, showList }),
    reviewChanges: (at) => walk.toPlace(at),
    showChange: async (path) => {
      const file = files.get(path);
      const message = vscode.l10n.t('There are no changes to review in "{path}" any more.', { path });
      if (!file) throw new AgentError("notFound", message);
      await showDiff(file);
    },
    showAllChanges: (threadId) =>
      showAllChanges(files.all().filter(({ authors }) => authors.some((author) => author.threadId === threadId))),
    dispose: () => disposable.dispose(),
  };
}
