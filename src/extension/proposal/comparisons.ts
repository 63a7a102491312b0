import * as vscode from "vscode";
import { proposalScheme } from "./proposalFiles.ts";

export const comparisonScheme = "patchwright-diff";

export type Side = "before" | "after" | "proposed";

/** One file of one file-change item. */
export interface Compared {
  readonly itemId: string;
  /** The file's place in the item's list of changes. */
  readonly index: number;
}

/** The address of one side: it names the item and the file, never their content. Its path is that of the file, so that it is coloured alike. */
export function comparisonUri({ itemId, index }: Compared, side: Side, path: string): vscode.Uri {
  const scheme = side === "proposed" ? proposalScheme : comparisonScheme;
  const shown = vscode.workspace.asRelativePath(vscode.Uri.file(path), false).replaceAll("\\", "/");
  return vscode.Uri.from({ scheme, authority: `${itemId}.${index}.${side}`, path: `/${shown.replace(/^\/+/, "")}` });
}

/** What a tab compares, when it is one of ours. */
export function comparedIn(tab: vscode.Tab | undefined): (Compared & { readonly modified: vscode.Uri }) | undefined {
  const input = tab?.input;
  if (!(input instanceof vscode.TabInputTextDiff)) return undefined;
  const { original, modified } = input;
  if (original.scheme !== comparisonScheme) return undefined;
  if (modified.scheme !== comparisonScheme && modified.scheme !== proposalScheme) return undefined;
  const place = placeOf(modified);
  return place && { ...place, modified };
}

/** Which file of which item an address of `comparisonUri` names. */
export function placeOf({ authority }: vscode.Uri): Compared | undefined {
  const [itemId, index] = authority.split(".");
  return itemId ? { itemId, index: Number(index) } : undefined;
}

/** All tabs that compare something of ours. */
export function comparingTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => comparedIn(tab) !== undefined);
}

/** Holds the sides of comparisons that are read-only documents, while they are open. */
export class Comparisons implements vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #parts = [
    this.#changed,
    vscode.workspace.registerTextDocumentContentProvider(comparisonScheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: (uri) =>
        this.#texts.get(uri.toString()) ??
        `${vscode.l10n.t("This comparison is no longer kept. Open it again from the panel.")}\n`,
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === comparisonScheme) this.#texts.delete(uri.toString());
    }),
  ];

  set(uri: vscode.Uri, text: string): void {
    if (this.#texts.get(uri.toString()) === text) return;
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }
}
