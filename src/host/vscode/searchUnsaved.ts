import * as vscode from "vscode";
import type { FileSystem, SearchMatch, SearchQuery } from "../host.ts";

const maxLineCharacters = 500;

/** A search in which the text of unsaved documents stands for what is on disk. */
export function createSearch(disk: FileSystem): FileSystem["search"] {
  return async (root, query, signal) => {
    const onDisk = await disk.search(root, query, signal);
    const matcher = lineMatcher(query);
    if (!matcher) return onDisk;
    const found = new Map<string, SearchMatch[]>();
    for (const document of unsavedBelow(root, query.glob)) {
      if (await isListed(disk, root, { path: document.uri.fsPath, signal })) {
        found.set(document.uri.fsPath, matchesIn(document, matcher));
      }
    }
    if (found.size === 0) return onDisk;
    const matches = onDisk.matches.filter(({ path }) => !found.has(path)).concat(...found.values());
    matches.sort((left, right) => compare(left.path, right.path) || left.line - right.line);
    return { matches: matches.slice(0, query.limit), more: onDisk.more || matches.length > query.limit };
  };
}

/** Undefined for a regular expression that JavaScript does not take: the disk's matches then stand. */
export function lineMatcher({ pattern, syntax, caseSensitive }: SearchQuery): ((line: string) => boolean) | undefined {
  const source = syntax === "text" ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : pattern;
  try {
    const regex = new RegExp(source, caseSensitive ? "u" : "iu");
    return (line) => regex.test(line);
  } catch {
    return undefined;
  }
}

function unsavedBelow(root: string, glob: string | undefined): vscode.TextDocument[] {
  const pattern = glob === undefined ? "**" : glob.includes("/") ? glob.replace(/^\//, "") : `**/${glob}`;
  const filter = { scheme: "file", pattern: new vscode.RelativePattern(vscode.Uri.file(root), pattern) };
  return vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && vscode.languages.match(filter, document) > 0,
  );
}

/** True unless an ignore rule hides the file, or it is no longer on disk. */
async function isListed(
  disk: FileSystem,
  root: string,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<boolean> {
  const relative = path.slice(root.replace(/[\\/]+$/, "").length + 1).replaceAll("\\", "/");
  const glob = relative.replace(/[*?[\]{}!]/g, "[$&]");
  const { paths } = await disk.list(root, { limit: 1, glob: `/${glob}` }, signal).catch(() => ({ paths: [] }));
  return paths.length > 0;
}

function matchesIn(document: vscode.TextDocument, matches: (line: string) => boolean): SearchMatch[] {
  const found: SearchMatch[] = [];
  for (let line = 0; line < document.lineCount; line++) {
    const { text } = document.lineAt(line);
    if (matches(text)) {
      found.push({ path: document.uri.fsPath, line: line + 1, text: text.slice(0, maxLineCharacters) });
    }
  }
  return found;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
