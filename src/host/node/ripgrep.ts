import { basename, dirname, join, sep } from "node:path";
import { AgentError } from "../../protocol/errors.ts";
import type { ListOptions, ListResult, SearchMatch, SearchQuery, SearchResult } from "../files.ts";
import { runForPieces } from "./pieces.ts";
import { createLowest, globFilter, matchText, requireOneLine, type Searcher } from "./search.ts";
import { type SearchStart, searchStart } from "./searchStart.ts";

/** Exactly the rules that host.ts names: the user's own settings of ripgrep and git must not change what is found. */
const RULES = ["--no-config", "--no-messages", "--hidden", "--glob=!.git", "--no-ignore-global", "--no-ignore-exclude"];

/** Searches with the ripgrep program. Rejects with ProgramMissing when that cannot be started. */
export function createRipgrep(program: string): Searcher {
  return {
    async list(root, options, signal) {
      const start = await searchStart(root, signal);
      if (start.kind === "file") throw new AgentError("notFound", `${root} is not a folder.`);
      return listFiles(program, start, options, signal);
    },
    async search(root, query, signal) {
      return searchLines(program, await searchStart(root, signal), query, signal);
    },
  };
}

async function listFiles(
  program: string,
  start: SearchStart,
  options: ListOptions,
  signal: AbortSignal,
): Promise<ListResult> {
  const named = globFilter(options.glob);
  const lowest = createLowest(options.limit);
  const args = ["--files", "--null", ...RULES, ...parentRules(start), "--", "."];
  await runForPieces({ program, args, cwd: start.root, end: 0, signal }, (piece) => {
    const path = relativePath(piece.toString("utf8"));
    // A name that is not UTF-8 cannot be written as a string, so nobody could open it.
    if (!path.includes("\uFFFD") && named(path)) lowest.add(join(start.root, path));
    return "continue";
  });
  return lowest.result();
}

async function searchLines(
  program: string,
  start: SearchStart,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<SearchResult> {
  const folder = start.kind === "folder" ? start.root : dirname(start.root);
  const named = globFilter(start.kind === "folder" ? query.glob : undefined);
  const matches: SearchMatch[] = [];
  let ofFile: SearchMatch[] = [];
  const target = start.kind === "folder" ? "." : `.${sep}${basename(start.root)}`;
  const args = [...searchArguments(query), ...RULES, ...parentRules(start), "--", target];
  const run = await runForPieces({ program, args, cwd: folder, end: 10, signal }, (piece) => {
    const event = JSON.parse(piece.toString("utf8")) as RipgrepEvent;
    if (event.type === "begin") ofFile = [];
    if (event.type === "match") {
      const path = relativePath(event.data.path.text ?? "");
      if (path !== "" && named(path)) ofFile.push(toMatch(join(folder, path), event));
    }
    if (event.type === "end" && event.data.binary_offset === null) matches.push(...ofFile);
    return matches.length > query.limit ? "stop" : "continue";
  });
  if (run.code === 2 && run.errors !== "") throw invalidPattern(query, run.errors);
  return { matches: matches.slice(0, query.limit), more: matches.length > query.limit };
}

function searchArguments(query: SearchQuery): string[] {
  requireOneLine(query.pattern);
  return [
    "--json",
    "--crlf",
    "--sort=path",
    "--max-filesize=64M",
    `--max-count=${query.limit + 1}`,
    ...(query.syntax === "text" ? ["--fixed-strings"] : []),
    query.caseSensitive ? "--case-sensitive" : "--ignore-case",
    `--regexp=${query.pattern}`,
  ];
}

/** By itself ripgrep reads .gitignore in repositories only, and there up to the repository's own folder. */
function parentRules(start: SearchStart): readonly string[] {
  return start.above === undefined ? ["--no-ignore-parent", "--no-require-git"] : [];
}

function relativePath(printed: string): string {
  const path = sep === "/" ? printed : printed.replaceAll(sep, "/");
  return path.startsWith("./") ? path.slice(2) : path;
}

/** ripgrep gives text that is not UTF-8 as base64. */
interface RipgrepText {
  readonly text?: string;
  readonly bytes?: string;
}

type MatchEvent = { type: "match"; data: { path: RipgrepText; lines: RipgrepText; line_number: number } };
type RipgrepEvent = { type: "begin" } | MatchEvent | { type: "end"; data: { binary_offset: number | null } };

function toMatch(path: string, event: MatchEvent): SearchMatch {
  const { lines, line_number: line } = event.data;
  const text = lines.text ?? Buffer.from(lines.bytes ?? "", "base64").toString("utf8");
  return { path, line, text: matchText(text) };
}

function invalidPattern(query: SearchQuery, errors: string): AgentError {
  const lines = errors.split("\n").map((line) => line.replace(/^(rg|error): /, ""));
  const reason = lines[errors.startsWith("rg: regex parse error") ? lines.length - 2 : 0] ?? errors;
  return new AgentError("invalid", `${JSON.stringify(query.pattern)} is not a valid regular expression: ${reason}.`);
}
