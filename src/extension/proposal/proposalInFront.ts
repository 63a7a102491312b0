import * as vscode from "vscode";
import type { EditedContent } from "../../protocol/review.ts";
import type { PendingApproval } from "../../protocol/threadView.ts";
import type { WindowClient } from "../windowClient.ts";
import { type Compared, comparedIn } from "./comparisons.ts";

export interface ProposalInFrontOptions {
  readonly client: WindowClient;
  /** What the user wrote into a proposal that waits, file by file. */
  edited(itemId: string): EditedContent[];
}

/** The proposal that the user has before them, as long as it waits to be decided. */
export class ProposalInFront implements vscode.Disposable {
  readonly #options: ProposalInFrontOptions;
  readonly #parts: vscode.Disposable[];

  constructor(options: ProposalInFrontOptions) {
    this.#options = options;
    this.#parts = [
      options.client.onEvent(({ kind }) => {
        if (kind === "changed") this.#updateContext();
      }),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#updateContext()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.#updateContext()),
    ];
  }

  /** The comparison in front and the question about it; undefined when there is none, or it is decided. */
  get now(): { compared: Compared; approval: PendingApproval } | undefined {
    const compared = comparedIn(vscode.window.tabGroups.activeTabGroup.activeTab);
    const approval = compared && questionAbout(this.#options.client, compared.itemId);
    return approval && { compared, approval };
  }

  /** Accepts all of its files, each as it stands on its right side. */
  accept(): void {
    const { approval } = this.now ?? {};
    if (!approval) return;
    const editedContent = this.#options.edited(approval.params.itemId);
    const edited = editedContent.length > 0 ? { editedContent } : {};
    this.#options.client.answer(approval.requestId, { decision: "accept", ...edited });
  }

  reject(): void {
    const { approval } = this.now ?? {};
    if (approval) this.#options.client.answer(approval.requestId, { decision: "decline" });
  }

  /** Rejects it with what the user wants instead; backing out of saying so decides nothing. */
  async rejectWithFeedback(): Promise<void> {
    const { approval } = this.now ?? {};
    if (!approval) return;
    const feedback = await vscode.window.showInputBox({
      title: vscode.l10n.t("Reject the Proposed Change"),
      prompt: vscode.l10n.t("Patchwright reads this and goes on."),
      placeHolder: vscode.l10n.t("What to do instead"),
      ignoreFocusOut: true,
    });
    if (feedback === undefined) return;
    this.#options.client.answer(approval.requestId, { decision: "decline", feedback });
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  #updateContext(): void {
    const { approval } = this.now ?? {};
    const files = approval && "files" in approval.params ? (approval.params.files?.length ?? 1) : 1;
    void vscode.commands.executeCommand("setContext", "patchwright.proposalShown", approval !== undefined);
    void vscode.commands.executeCommand("setContext", "patchwright.proposalFiles", files);
  }
}

/** The question that waits about an item. */
export function questionAbout(client: WindowClient, itemId: string): PendingApproval | undefined {
  return client.approvals().find(({ params }) => params.itemId === itemId);
}
