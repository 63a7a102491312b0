import { basename } from "node:path";
import * as vscode from "vscode";
import { sanitizeLine } from "../../protocol/sanitizeForDisplay.ts";
import { comparedIn } from "./comparisons.ts";
import type { KeptDrafts } from "./keptDrafts.ts";
import type { OpenProposals } from "./openProposals.ts";

/** A reload of the window ends the proposals that were open. What the user wrote into them is shown again, to be copied, until it is closed. */
export class RestoredDrafts implements vscode.Disposable {
  readonly #drafts: KeptDrafts;
  readonly #proposals: OpenProposals;
  readonly #closing: vscode.Disposable;
  /** Addresses of what is shown. */
  readonly #shown = new Set<string>();

  constructor(drafts: KeptDrafts, proposals: OpenProposals) {
    this.#drafts = drafts;
    this.#proposals = proposals;
    this.#closing = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.#forget(closed));
  }

  async show(): Promise<void> {
    for (const draft of await this.#drafts.list(Date.now())) {
      const { before, after } = this.#proposals.restore(draft);
      this.#shown.add(after.toString());
      const file = sanitizeLine(basename(draft.path));
      const title = vscode.l10n.t("{file} (your version, not applied)", { file });
      const options = { preserveFocus: true, preview: false, background: true };
      await vscode.commands.executeCommand("vscode.diff", before, after, title, options);
    }
  }

  dispose(): void {
    this.#closing.dispose();
  }

  #forget(closed: readonly vscode.Tab[]): void {
    for (const tab of closed) {
      const compared = comparedIn(tab);
      if (compared && this.#shown.delete(compared.modified.toString())) this.#drafts.remove(compared);
    }
  }
}
