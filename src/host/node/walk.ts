import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { SearchMatch, SearchQuery, SearchResult } from "../host.ts";
import { type IgnoreRules, ignoreFiles, isHidden, parseIgnoreRules } from "./ignoreRules.ts";
import { lineMatcher, matchingLines } from "./lines.ts";
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
      const matches = lineMatcher(query);
      return searchFiles(await searchStart(root, signal), query, { matches, signal });
    },
  };
}

interface Search {
  readonly matches: (line: string) => boolean;
  readonly signal: AbortSignal;
}

async function searchFiles(start: SearchStart, query: SearchQuery, search: Search): Promise<SearchResult> {
  const found: SearchMatch[] = [];
  const named = globFilter(start.kind === "folder" ? query.glob : undefined);
  const files = start.kind === "file" ? [start.root] : walk(start, search.signal);
  for await (const path of files) {
    if (!named(start.kind === "file" ? basename(path) : relativeTo(start.root, path))) continue;
    const bytes = await readable(path, search.signal);
    for (const match of matchingLines(bytes, search.matches)) {
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
  yield* walkFolder(start.root, await rulesAbove(start), signal);
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

/** The rules of the repository's folders above root; none when they hide root itself, since the user asked for it by name. */
async function rulesAbove({ root, repository }: SearchStart): Promise<readonly IgnoreRules[]> {
  if (repository === undefined || repository === root) return [];
  const folders: string[] = [];
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === repository) break;
  }
  const rules: IgnoreRules[] = [];
  for (const folder of folders) rules.push(...(await rulesIn(folder, new Set(ignoreFiles))));
  return isHidden(`${slashed(root)}/`, rules) ? [] : rules;
}

async function rulesIn(folder: string, names: ReadonlySet<string>): Promise<readonly IgnoreRules[]> {
  const rules: IgnoreRules[] = [];
  for (const file of ignoreFiles) {
    if (!names.has(file)) continue;
    const text = await readFile(join(folder, file), "utf8").catch(() => "");
    rules.push(parseIgnoreRules(slashed(folder), file, text));
  }
  return rules;
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function relativeTo(root: string, path: string): string {
  return slashed(relative(root, path));
}
