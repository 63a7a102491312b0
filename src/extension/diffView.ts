import { basename } from "node:path";
import * as vscode from "vscode";
import type { FileSystem } from "../host/host.ts";
import type { FileUpdateChange, ItemOf } from "../protocol/items.ts";
import type { PendingApproval, ThreadView } from "../protocol/threadView.ts";
import { Comparisons, comparedIn, comparisonUri } from "./comparisons.ts";
import { placesOf } from "./places.ts";
import { proposalTexts } from "./proposalTexts.ts";
import type { WindowClient } from "./windowClient.ts";

export interface DiffViewOptions {
  readonly client: WindowClient;
  readonly files: FileSystem;
  /** Whether a question about a file change opens its diff by itself. Read each time. */
  opensByItself(): boolean;
  onFault(error: unknown): void;
}

/** A user who moved in an editor this recently is at work there: a diff then opens behind the editor, not over it. */
const recentMs = 5000;

/** Shows what file changes do, or are about to do, beside what was there; the latter with Accept and Reject in the editor's title. */
export class DiffView implements vscode.Disposable {
  readonly #options: DiffViewOptions;
  readonly #comparisons = new Comparisons();
  readonly #parts: vscode.Disposable[];
  #lastMove = 0;

  constructor(options: DiffViewOptions) {
    this.#options = options;
    this.#parts = [
      this.#comparisons,
      options.client.onEvent((event) => {
        if (event.kind === "asked") void this.#offer(event.approval).catch(options.onFault);
        if (event.kind === "settled") void this.#closeTabs(event.approval.params.itemId);
        if (event.kind === "changed") this.#updateContext();
      }),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#updateContext()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.#updateContext()),
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
        const byUser =
          kind === vscode.TextEditorSelectionChangeKind.Keyboard || kind === vscode.TextEditorSelectionChangeKind.Mouse;
        if (byUser) this.#lastMove = Date.now();
      }),
    ];
  }

  /** Opens the comparison for one file of an item. Rejects with `notFound` when the thread is unknown. */
  async show({ threadId, itemId, path }: { threadId: string; itemId: string; path: string }): Promise<void> {
    const view = await this.#options.client.readThread(threadId);
    const item = fileChangeOf(view, itemId);
    const index = item?.changes.findIndex((change) => change.path === path) ?? -1;
    const change = item?.changes[index];
    if (!item || !change) {
      void vscode.window.showInformationMessage(`The change to "${path}" is no longer known. Open the thread again.`);
      return;
    }
    await this.#open({ item, index, change, cwd: view.thread.cwd, behind: false });
  }

  /** Answers the question whose comparison is in front. */
  answer(decision: "accept" | "decline"): void {
    const approval = this.#pendingInFront();
    if (approval) this.#options.client.answer(approval.requestId, { decision });
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  async #offer(approval: PendingApproval): Promise<void> {
    if (approval.method !== "item/fileChange/requestApproval" || !this.#options.opensByItself()) return;
    const { threadId, itemId } = approval.params;
    const view = await this.#options.client.readThread(threadId);
    const item = fileChangeOf(view, itemId);
    const change = item?.changes[0];
    if (!item || !change) return;
    const behind = Date.now() - this.#lastMove < recentMs;
    await this.#open({ item, index: 0, change, cwd: view.thread.cwd, behind });
  }

  async #open({ item, index, change, cwd, behind }: Opened): Promise<void> {
    const applied = item.status === "completed";
    const texts = proposalTexts(change, await this.#currentText(change, cwd, applied), applied);
    const compared = { itemId: item.id, index };
    const before = comparisonUri(compared, "before", change.path);
    const after = comparisonUri(compared, "after", change.path);
    this.#comparisons.set(before, texts.before);
    this.#comparisons.set(after, texts.after);
    const title = diffTitle({ item, index, change, partial: texts.partial });
    await vscode.commands.executeCommand("vscode.diff", before, after, title, {
      preserveFocus: true,
      // An editor that the user only previews must still be there when the question is answered.
      preview: applied,
      background: behind,
    });
  }

  async #currentText(change: FileUpdateChange, cwd: string, applied: boolean): Promise<string | undefined> {
    if (change.kind.type !== "update") return undefined;
    const path = (applied && change.kind.move_path) || change.path;
    const [place = path] = placesOf(path, [cwd]);
    try {
      const { bytes } = await this.#options.files.read(place, new AbortController().signal);
      return await vscode.workspace.decode(bytes, { uri: vscode.Uri.file(place) });
    } catch {
      return undefined;
    }
  }

  /** The question about the comparison in front; undefined when none is, or it is decided. */
  #pendingInFront(): PendingApproval | undefined {
    const compared = comparedIn(vscode.window.tabGroups.activeTabGroup.activeTab);
    return compared && this.#options.client.approvals().find(({ params }) => params.itemId === compared.itemId);
  }

  #updateContext(): void {
    const shown = this.#pendingInFront() !== undefined;
    void vscode.commands.executeCommand("setContext", "patchwright.proposalShown", shown);
  }

  /** Closes the comparisons of a decided item, except those that the user pinned. */
  async #closeTabs(itemId: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => !tab.isPinned && comparedIn(tab)?.itemId === itemId);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }
}

interface Opened {
  readonly item: ItemOf<"fileChange">;
  readonly index: number;
  readonly change: FileUpdateChange;
  readonly cwd: string;
  readonly behind: boolean;
}

function fileChangeOf(view: ThreadView, itemId: string): ItemOf<"fileChange"> | undefined {
  const item = view.turns.flatMap(({ items }) => items).findLast(({ id }) => id === itemId);
  return item?.type === "fileChange" ? item : undefined;
}

function diffTitle({ item, index, change, partial }: Omit<Opened, "cwd" | "behind"> & { partial: boolean }): string {
  const name = basename(change.path);
  const words = {
    inProgress: "proposed by Patchwright",
    completed: "changed by Patchwright",
    failed: "not changed: it failed",
    declined: "not changed: declined",
  }[item.status];
  const place = item.changes.length > 1 ? `, ${index + 1} of ${item.changes.length}` : "";
  return `${name} (${words}${place}${partial ? ", changed places only" : ""})`;
}
