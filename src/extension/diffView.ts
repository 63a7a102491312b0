import * as vscode from "vscode";
import type { FileSystem } from "../host/files.ts";
import type { Storage } from "../host/storage.ts";
import type { ItemOf } from "../protocol/items.ts";
import type { EditedContent } from "../protocol/review.ts";
import type { PendingApproval, ThreadView } from "../protocol/threadView.ts";
import { notices } from "./notices.ts";
import { comparedIn, comparingTabs } from "./proposal/comparisons.ts";
import { diffTitle } from "./proposal/diffTitle.ts";
import { KeptDrafts } from "./proposal/keptDrafts.ts";
import { OpenProposals, type ShownFile } from "./proposal/openProposals.ts";
import { ProposalInFront, questionAbout } from "./proposal/proposalInFront.ts";
import { RestoredDrafts } from "./proposal/restoredDrafts.ts";
import { Throttle } from "./proposal/throttle.ts";
import type { WindowClient } from "./windowClient.ts";

export interface DiffViewOptions {
  readonly client: WindowClient;
  readonly files: FileSystem;
  readonly storage: Storage;
  /** Tells this workspace from others. */
  readonly workspace: string;
  /** Whether a proposal opens its diff by itself. Read each time. */
  opensByItself(): boolean;
  onFault(error: unknown): void;
}

/** A user who moved in an editor this recently is at work there: a diff then opens behind the editor, not over it. */
const recentMs = 5000;
/** How often a proposal that is being written is shown anew, in milliseconds. */
const streamMs = 100;

/**
 * Shows what file changes do beside what was there. A proposal grows while the model writes it; once it is whole, it can be edited, and is
 * decided where it is in front: closing it decides nothing.
 */
export class DiffView implements vscode.Disposable {
  readonly inFront: ProposalInFront;
  readonly #options: DiffViewOptions;
  readonly #drafts: KeptDrafts;
  readonly #proposals: OpenProposals;
  readonly #stream = new Throttle(streamMs);
  readonly #parts: vscode.Disposable[];
  /** Proposals that have opened by themselves: each does so once. */
  readonly #offered = new Set<string>();
  #lastMove = 0;

  constructor(options: DiffViewOptions) {
    this.#options = options;
    this.#drafts = new KeptDrafts(options);
    this.#proposals = new OpenProposals(options.files, this.#drafts);
    this.inFront = new ProposalInFront({ client: options.client, edited: (itemId) => this.edited(itemId) });
    const restored = new RestoredDrafts(this.#drafts, this.#proposals);
    this.#parts = [
      this.#proposals,
      this.inFront,
      restored,
      this.#stream,
      options.client.onEvent((event) => {
        if (event.kind === "asked") this.#run(this.#ask(event.approval));
        if (event.kind === "fileChange") this.#follow(event.view, event.item);
      }),
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
        const byUser =
          kind === vscode.TextEditorSelectionChangeKind.Keyboard || kind === vscode.TextEditorSelectionChangeKind.Mouse;
        if (byUser) this.#lastMove = Date.now();
      }),
    ];
    this.#run(restored.show());
  }

  /** Opens the comparison for one file of an item. Rejects with `notFound` when the thread is unknown. */
  async show({ threadId, itemId, path }: { threadId: string; itemId: string; path: string }): Promise<void> {
    const view = await this.#options.client.readThread(threadId);
    const item = fileChangeOf(view, itemId);
    const index = item?.changes.findIndex((change) => change.path === path) ?? -1;
    if (!item || index < 0) {
      notices.inform(vscode.l10n.t('The change to "{path}" is no longer known. Open the thread again.', { path }));
      return;
    }
    await this.#open(view, item, { index, focus: "keep" });
  }

  /** What the user wrote into a proposal that waits, file by file. */
  edited(itemId: string): EditedContent[] {
    return this.#proposals.edited(itemId);
  }

  /** Shows the next file of the proposal in front, or the one before; after the last comes the first. */
  async showOther(direction: "next" | "previous"): Promise<void> {
    const { compared, approval } = this.inFront.now ?? {};
    if (!compared || !approval) return;
    const view = await this.#options.client.readThread(approval.params.threadId);
    const item = fileChangeOf(view, compared.itemId);
    if (!item) return;
    const count = item.changes.length;
    const index = (compared.index + (direction === "next" ? 1 : count - 1)) % count;
    await this.#open(view, item, { index, focus: "take" });
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  /** Resolves when what the user wrote into proposals is kept on disk. */
  written(): Promise<void> {
    return this.#drafts.written();
  }

  #run(work: Promise<unknown>): void {
    void work.catch(this.#options.onFault);
  }

  async #ask({ method, params: { threadId, itemId, reason } }: PendingApproval): Promise<void> {
    if (method !== "item/fileChange/requestApproval") return;
    this.#stream.cancel(itemId);
    if (reason) notices.warn(reason);
    const view = await this.#options.client.readThread(threadId);
    const item = fileChangeOf(view, itemId);
    if (!item) return;
    await this.#proposals.refresh(item, { cwd: view.thread.cwd, stage: "asked" });
    if (questionAbout(this.#options.client, itemId)) await this.#offer(view, item);
  }

  /** A file change that is being written, or has ended. */
  #follow(view: ThreadView, item: ItemOf<"fileChange">): void {
    if (item.status !== "inProgress") {
      this.#stream.cancel(item.id);
      this.#offered.delete(item.id);
      this.#run(this.#end(item.id));
    } else if (!questionAbout(this.#options.client, item.id)) {
      this.#stream.run(item.id, () => this.#run(this.#grow(view, item.id)));
    }
  }

  async #grow(view: ThreadView, itemId: string): Promise<void> {
    const item = fileChangeOf(view, itemId);
    if (item?.status !== "inProgress" || questionAbout(this.#options.client, itemId)) return;
    await this.#proposals.refresh(item, { cwd: view.thread.cwd, stage: "arriving" });
    if (this.#options.client.asksBeforeEdits(view.thread.id)) await this.#offer(view, item);
  }

  /** Opens the proposal by itself, once; later its title says what has become known since. */
  async #offer(view: ThreadView, item: ItemOf<"fileChange">): Promise<void> {
    if (!this.#options.opensByItself() || item.changes.length === 0) return;
    if (!this.#offered.has(item.id)) {
      this.#offered.add(item.id);
      const behind = Date.now() - this.#lastMove < recentMs;
      await this.#open(view, item, { index: 0, focus: behind ? "behind" : "keep" });
    } else if (questionAbout(this.#options.client, item.id)) await this.#retitle(view, item);
    // It was decided elsewhere before its diff was open.
    if (!this.#offered.has(item.id)) await this.#end(item.id);
  }

  /** A tab keeps the title that it was opened with. */
  async #retitle(view: ThreadView, item: ItemOf<"fileChange">): Promise<void> {
    for (const tab of comparingTabs()) {
      const compared = comparedIn(tab);
      if (compared?.itemId !== item.id || tab.isDirty) continue;
      if (tab.label === diffTitle({ item, index: compared.index, extent: "whole" }, vscode.l10n)) continue;
      const isFocused = vscode.window.activeTextEditor?.document.uri.toString() === compared.modified.toString();
      const focus = isFocused ? "take" : tab.isActive ? "keep" : "behind";
      await vscode.window.tabGroups.close(tab, true);
      await this.#open(view, item, { index: compared.index, focus });
    }
  }

  async #open(view: ThreadView, item: ItemOf<"fileChange">, { index, focus }: Opening): Promise<void> {
    const change = item.changes[index];
    if (!change) return;
    const { before, after, partial } = await this.#proposals.prepare({
      item,
      index,
      change,
      cwd: view.thread.cwd,
      stage: this.#stageOf(item),
    });
    const title = diffTitle({ item, index, extent: partial ? "places" : "whole" }, vscode.l10n);
    await vscode.commands.executeCommand("vscode.diff", before, after, title, {
      preserveFocus: focus !== "take",
      // An editor that the user only previews must still be there when the question is answered.
      preview: item.status !== "inProgress",
      background: focus === "behind",
    });
  }

  #stageOf(item: ItemOf<"fileChange">): ShownFile["stage"] {
    if (item.status !== "inProgress") return "over";
    return questionAbout(this.#options.client, item.id) ? "asked" : "arriving";
  }

  /** Closes the comparisons of an item that has ended, except those that the user pinned. */
  async #end(itemId: string): Promise<void> {
    await this.#proposals.settle(itemId);
    const tabs = comparingTabs().filter((tab) => !tab.isPinned && comparedIn(tab)?.itemId === itemId);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }
}

interface Opening {
  readonly index: number;
  /** What becomes of the focus and of what is in front. */
  readonly focus: "take" | "keep" | "behind";
}

function fileChangeOf(view: ThreadView, itemId: string): ItemOf<"fileChange"> | undefined {
  const item = view.turns.flatMap(({ items }) => items).findLast(({ id }) => id === itemId);
  return item?.type === "fileChange" ? item : undefined;
}
