import { isAbsolute, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { FileSystem, SearchMatch, SearchQuery } from "../files.ts";
import { type LineMatcher, lineMatcher, matchingLines } from "../node/lines.ts";
import { globFilter } from "../node/search.ts";

/** A search in which the text of unsaved documents stands for what is on disk. */
export function createSearch(disk: FileSystem): FileSystem["search"] {
  return async (root, query, signal) => {
    const onDisk = await disk.search(root, query, signal);
    const unsaved = vscode.workspace.textDocuments.filter(({ uri, isDirty }) => isDirty && uri.scheme === "file");
    const matcher = unsaved.length > 0 ? matcherOf(query) : undefined;
    if (!matcher) return onDisk;
    const found = new Map<string, SearchMatch[]>();
    for (const document of unsaved) {
      const path = document.uri.fsPath;
      if (await isSearched(path, { disk, root, query, signal })) found.set(path, matchesIn(document, matcher));
    }
    const matches = onDisk.matches.filter(({ path }) => !found.has(path)).concat(...found.values());
    matches.sort((left, right) => compare(left.path, right.path) || left.line - right.line);
    return { matches: matches.slice(0, query.limit), more: onDisk.more || matches.length > query.limit };
  };
}

interface SearchPlace {
  readonly disk: FileSystem;
  readonly root: string;
  readonly query: SearchQuery;
  readonly signal: AbortSignal;
}

/** True when a search of the disk would look into this file: it is below the root, the glob names it, and no ignore rule hides it. */
async function isSearched(path: string, { disk, root, query, signal }: SearchPlace): Promise<boolean> {
  const below = relative(root, path);
  if (below === "") return true;
  if (below.startsWith("..") || isAbsolute(below)) return false;
  const shown = below.split(sep).join("/");
  if (!globFilter(query.glob)(shown)) return false;
  const glob = `./${shown.replace(/[\\*?[\]{}()!@+|]/g, "\\$&")}`;
  return disk.list(root, { limit: 1, glob }, signal).then(
    ({ paths }) => paths.length > 0,
    () => false,
  );
}

/** Undefined for a regular expression that ripgrep takes and JavaScript does not: the disk's matches then stand. */
function matcherOf(query: SearchQuery): LineMatcher | undefined {
  try {
    return lineMatcher(query);
  } catch {
    return undefined;
  }
}

function matchesIn(document: vscode.TextDocument, matcher: LineMatcher): SearchMatch[] {
  const path = document.uri.fsPath;
  const bytes = new TextEncoder().encode(document.getText());
  return [...matchingLines(bytes, matcher)].map((match) => ({ path, ...match }));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
