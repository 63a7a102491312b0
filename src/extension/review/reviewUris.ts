import * as vscode from "vscode";

/** Read-only documents about files under review. Their addresses end like the file's own, so each is coloured like the file. */
export const baselineScheme = "patchwright-baseline";
export const unifiedScheme = "patchwright-unified";

const unifiedMark = "± ";

export function baselineUri(path: string): vscode.Uri {
  return vscode.Uri.file(path).with({ scheme: baselineScheme });
}

/** The right side of a comparison with a file that is gone. */
export function goneUri(path: string): vscode.Uri {
  return baselineUri(path).with({ query: "now" });
}

/** Its name tells its tab from that of the file. */
export function unifiedUri(path: string): vscode.Uri {
  const uri = vscode.Uri.file(path);
  return uri.with({ scheme: unifiedScheme, path: uri.path.replace(/[^/]*$/, (name) => unifiedMark + name) });
}

/** The file that a document is, or is about; undefined for documents that review has nothing to do with. */
export function reviewedPath(uri: vscode.Uri): string | undefined {
  if (uri.scheme === "file") return uri.fsPath;
  const own = uri.scheme === baselineScheme || uri.scheme === unifiedScheme;
  const path = uri.scheme === unifiedScheme ? uri.path.replace(`/${unifiedMark}`, "/") : uri.path;
  return own ? uri.with({ scheme: "file", path, query: "" }).fsPath : undefined;
}

/** What a tab shows; of a comparison, the right side. */
export function shownIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}
