import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { SearchMatch, SearchQuery, SearchResult } from "../files.ts";
import { rulesIn, slashed } from "./folderRules.ts";
import { type IgnoreRules, isHidden } from "./ignoreRules.ts";
import { type LineMatcher, lineMatcher, matchingLines } from "./lines.ts";
import { readRegularFile } from "./read.ts";
import { createLowest, globFilter, type Searcher } from "./search.ts";
import { type SearchStart, searchStart } from "./searchStart.ts";

/** Searches without ripgrep: slower, with JavaScript's regular expressions, otherwise with the same answers. */
export function createWalker(): Searcher {
  return {
    async list(root, options, signal) {
      const start = await searchStart(root, signal);
      if (start.kind === "file") throw new AgentError("notFound", `${root} is not a folder.`);
      const named = globFilter(options.glob);
      const lowest = createLowest(options.limit);
      for await (const path of walk(start, signal)) {
        if (named(relativeTo(root, path))) lowest.add(path);
      }
      return lowest.result();
    },
    async search(root, query, signal) {
      const matcher = lineMatcher(query);
      return searchFiles(await searchStart(root, signal), query, { matcher, signal });
    },
  };
}

interface Search {
  readonly matcher: LineMatcher;
  readonly signal: AbortSignal;
}

async function searchFiles(start: SearchStart, query: SearchQuery, search: Search): Promise<SearchResult> {
  const found: SearchMatch[] = [];
  const named = globFilter(start.kind === "folder" ? query.glob : undefined);
  const files = start.kind === "file" ? [start.root] : walk(start, search.signal);
  for await (const path of files) {
    if (!named(start.kind === "file" ? basename(path) : relativeTo(start.root, path))) continue;
    const bytes = await readable(path, search.signal);
    for (const match of matchingLines(bytes, search.matcher)) {
      if (found.length === query.limit) return { matches: found, more: true };
      found.push({ path, ...match });
    }
  }
  return { matches: found, more: false };
}

/** A file that cannot be read, or is too large to be, has no matches. */
async function readable(path: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return (await readRegularFile(path, signal)).bytes;
  } catch (error) {
    if (error instanceof AgentError && error.code !== "aborted") return new Uint8Array();
    throw error;
  }
}

/** The files below the start that no rule hides, folder by folder, names by code unit. Symbolic links are left out. */
async function* walk(start: SearchStart, signal: AbortSignal): AsyncGenerator<string> {
  yield* walkFolder(start.root, start.above ?? [], signal);
}

async function* walkFolder(folder: string, outer: readonly IgnoreRules[], signal: AbortSignal): AsyncGenerator<string> {
  throwIfAborted(signal);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.map((entry) => entry.name));
  const rules = [...outer, ...(await rulesIn(folder, names))];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !isHidden(`${slashed(path)}/`, rules)) yield* walkFolder(path, rules, signal);
    if (entry.isFile() && !isHidden(slashed(path), rules)) yield path;
  }
}

function relativeTo(root: string, path: string): string {
  return slashed(relative(root, path));
}
