import { spawn } from "node:child_process";
import { basename, dirname, join, sep } from "node:path";
import { AgentError, throwIfAborted } from "../../protocol/errors.ts";
import type { ListOptions, ListResult, SearchMatch, SearchQuery, SearchResult } from "../host.ts";
import { systemCode } from "./errors.ts";
import { createLowest, globFilter, matchText, requireOneLine, type Searcher } from "./search.ts";
import { type SearchStart, searchStart } from "./searchStart.ts";

/** Exactly the rules that host.ts names: the user's own settings of ripgrep and git must not change what is found. */
const RULES = [
  "--no-config",
  "--no-messages",
  "--hidden",
  "--glob=!.git",
  "--no-require-git",
  "--no-ignore-global",
  "--no-ignore-exclude",
];

/** Searches with the ripgrep program. Rejects with ProgramMissing when it cannot be started. */
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

/** The ripgrep program is not there or cannot be run: the caller has another way to search. */
export class ProgramMissing extends Error {}

async function listFiles(
  program: string,
  start: SearchStart,
  options: ListOptions,
  signal: AbortSignal,
): Promise<ListResult> {
  const named = globFilter(options.glob);
  const lowest = createLowest(options.limit);
  const args = ["--files", "--null", ...RULES, ...parentRules(start), "--", "."];
  await runRipgrep({ program, args, cwd: start.root, end: 0, signal }, (piece) => {
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
  const run = await runRipgrep({ program, args, cwd: folder, end: 10, signal }, (piece) => {
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

function parentRules(start: SearchStart): readonly string[] {
  return start.repository === undefined ? ["--no-ignore-parent"] : [];
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
  const reason = errors
    .trim()
    .split("\n")
    .slice(-1)
    .join("")
    .replace(/^error: /, "");
  return new AgentError("invalid", `${JSON.stringify(query.pattern)} is not a valid regular expression: ${reason}.`);
}

interface RipgrepRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The byte that ends a piece of output. */
  readonly end: number;
  readonly signal: AbortSignal;
}

/** Hands over the output piece by piece, and ends the program once the listener says "stop". */
function runRipgrep(
  run: RipgrepRun,
  listener: (piece: Buffer) => "continue" | "stop",
): Promise<{ code: number | null; errors: string }> {
  throwIfAborted(run.signal);
  return new Promise((resolve, reject) => {
    const child = spawn(run.program, run.args, {
      cwd: run.cwd,
      env: {},
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const stop = () => child.kill("SIGKILL");
    const split = createSplitter(run.end);
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => {
      try {
        if (split(chunk).some((piece) => listener(piece) === "stop")) stopReading();
      } catch (error) {
        stopReading();
        reject(error);
      }
    });
    function stopReading(): void {
      child.stdout.removeAllListeners("data").destroy();
      stop();
    }
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(0, 4000);
    });
    run.signal.addEventListener("abort", stop, { once: true });
    child.on("error", (error) => reject(startFailure(error)));
    child.on("close", (code) => {
      run.signal.removeEventListener("abort", stop);
      if (run.signal.aborted) reject(new AgentError("aborted", "It was stopped."));
      resolve({ code, errors });
    });
  });
}

function startFailure(error: Error): Error {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "EACCES" || code === "ENOEXEC") return new ProgramMissing(error.message);
  return new AgentError("internal", `ripgrep cannot be started: ${error.message}.`, { cause: error });
}

/** Cuts chunks into the pieces between end bytes, in time linear in their size however long a piece is. */
function createSplitter(end: number): (chunk: Buffer) => Buffer[] {
  let begun: Buffer[] = [];
  return (chunk) => {
    const pieces: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(end); at !== -1; at = chunk.indexOf(end, from)) {
      pieces.push(Buffer.concat([...begun, chunk.subarray(from, at)]));
      begun = [];
      from = at + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
    return pieces;
  };
}
