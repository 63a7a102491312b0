import * as vscode from "vscode";

/** Read-only documents about files under review. Their addresses are the file's own but for the scheme, so each is coloured like the file. */
export const baselineScheme = "patchwright-baseline";
export const unifiedScheme = "patchwright-unified";

export function baselineUri(path: string): vscode.Uri {
  return vscode.Uri.file(path).with({ scheme: baselineScheme });
}

/** The right side of a comparison with a file that is gone. */
export function goneUri(path: string): vscode.Uri {
  return baselineUri(path).with({ query: "now" });
}

export function unifiedUri(path: string): vscode.Uri {
  return vscode.Uri.file(path).with({ scheme: unifiedScheme });
}

/** The file that a document is, or is about; undefined for documents that review has nothing to do with. */
export function reviewedPath(uri: vscode.Uri): string | undefined {
  if (uri.scheme === "file") return uri.fsPath;
  const own = uri.scheme === baselineScheme || uri.scheme === unifiedScheme;
  return own ? uri.with({ scheme: "file", query: "" }).fsPath : undefined;
}

/** What a tab shows; of a comparison, the right side. */
export function shownIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}
