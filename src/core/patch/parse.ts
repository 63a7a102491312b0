import { AgentError } from "../../protocol/errors.ts";
import { quote } from "./quote.ts";

/** One section of a patch. `line` is where it begins in the patch text, counting from 1; paths are as written there. */
export type Operation = AddFile | DeleteFile | UpdateFile;

export interface AddFile {
  readonly kind: "add";
  readonly path: string;
  readonly line: number;
  /** Without line ends. Empty for an empty file. */
  readonly lines: readonly string[];
}

export interface DeleteFile {
  readonly kind: "delete";
  readonly path: string;
  readonly line: number;
}

export interface UpdateFile {
  readonly kind: "update";
  readonly path: string;
  readonly line: number;
  /** Where the file goes; absent when it stays. */
  readonly movePath?: string;
  /** Empty only when there is a movePath. */
  readonly hunks: readonly Hunk[];
}

export interface Hunk {
  /** The text of its `@@ text` headers, from the outermost in; a bare `@@` leaves none. */
  readonly contexts: readonly string[];
  /** Never empty. */
  readonly lines: readonly HunkLine[];
  /**
   * How many wholly empty lines follow in the patch. They may be context or only spacing, so a match with them is tried first
   * and one without them next. Always 0 when the hunk quotes no line of the file: such lines would be a false anchor.
   */
  readonly blanksAfter: number;
  readonly endOfFile: boolean;
}

export interface HunkLine {
  readonly kind: "keep" | "add" | "remove";
  readonly text: string;
}

/** A `*** ...` line, apart from the ones that open and close the patch. */
export interface Marker {
  readonly kind: "add" | "delete" | "update" | "move";
  readonly path: string;
}

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";
const END_OF_FILE = "*** End of File";
const SECTION_EXPECTED = `"*** Add File: path", "*** Delete File: path", "*** Update File: path" or "${END}"`;
const HUNK_LINE_EXPECTED = 'a hunk line, which starts with " " (kept), "-" (removed) or "+" (added)';

const lineKinds: Readonly<Record<string, HunkLine["kind"]>> = { " ": "keep", "+": "add", "-": "remove" };
const markerKinds: Readonly<Record<string, Marker["kind"]>> = {
  "Add File": "add",
  "Delete File": "delete",
  "Update File": "update",
  "Move to": "move",
};

/** The lines from `at` on are still to be read; `end` is the line that closes the patch. */
interface Reader {
  readonly lines: readonly string[];
  readonly end: number;
  at: number;
}

/**
 * Reads a whole patch. Forgiven, because nothing is lost by it: whitespace round the markers, CRLF line ends, a shell heredoc round the patch,
 * empty lines between sections, an empty line for an empty context line, a first hunk without its "@@", and line numbers in a header
 * ("@@ -1,2 +1,3 @@ text"), which are not used. Throws AgentError `invalid` for anything else.
 */
export function parsePatch(text: string): readonly Operation[] {
  const reader = openPatch(text);
  const operations: Operation[] = [];
  while (skipBlankLines(reader) !== undefined) operations.push(readOperation(reader));
  if (operations.length === 0) throw refusal(reader, SECTION_EXPECTED);
  return operations;
}

/** The lines of a patch text without their ends. A carriage return before the line feed belongs to the end. */
export function patchLines(text: string): readonly string[] {
  return text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

/** What a `*** ` line says, with whitespace round it forgiven; undefined when it is none or names no path. */
export function readMarker(line: string): Marker | undefined {
  const match = /^\s*\*\*\*\s*(Add File|Delete File|Update File|Move to):\s*(\S.*)$/.exec(line);
  const kind = markerKinds[match?.[1] ?? ""];
  return kind === undefined ? undefined : { kind, path: (match?.[2] ?? "").trimEnd() };
}

function openPatch(text: string): Reader {
  const lines = patchLines(text);
  let first = lines.findIndex((line) => line.trim() !== "");
  let last = lines.findLastIndex((line) => line.trim() !== "");
  const word = heredocWord(lines[first] ?? "");
  if (word !== undefined) {
    first = lines.findIndex((line, at) => at > first && line.trim() !== "");
    if (lines[last]?.trim() === word) last = lines.findLastIndex((line, at) => at < last && line.trim() !== "");
  }
  const reader = { lines, at: first + 1, end: last };
  if (lines[first]?.trim() !== BEGIN) throw refusal({ ...reader, at: Math.max(first, 0) }, `"${BEGIN}"`);
  if (lines[last]?.trim() === END) return reader;
  throw refusal({ ...reader, at: unclosedAt(lines, last) }, `"${END}" as the last line`);
}

/** The word that ends a heredoc such as `apply_patch <<'EOF'`. */
function heredocWord(line: string): string | undefined {
  return /^(?:apply_patch\s+)?<<-?\s*(["']?)(\w+)\1$/.exec(line.trim())?.[2];
}

/** The line to complain about: what follows a closing line that is not the last, else the line after the last one. */
function unclosedAt(lines: readonly string[], last: number): number {
  const closed = lines.findIndex((line) => line.trimEnd() === END);
  return closed === -1 ? last + 1 : lines.findIndex((line, at) => at > closed && line.trim() !== "");
}

function readOperation(reader: Reader): Operation {
  const line = reader.at + 1;
  const marker = readMarker(reader.lines[reader.at]!);
  if (marker === undefined) throw refusal(reader, SECTION_EXPECTED);
  switch (marker.kind) {
    case "add":
      reader.at += 1;
      return { kind: "add", path: marker.path, line, lines: readAddedLines(reader) };
    case "delete":
      reader.at += 1;
      return { kind: "delete", path: marker.path, line };
    case "update":
      reader.at += 1;
      return readUpdate(reader, marker.path);
    case "move":
      throw refusal(reader, `${SECTION_EXPECTED} ("*** Move to:" stands right after "*** Update File:")`);
    default:
      return marker.kind satisfies never;
  }
}

function readAddedLines(reader: Reader): readonly string[] {
  const lines: string[] = [];
  for (let line = currentLine(reader); line?.startsWith("+"); line = currentLine(reader)) {
    lines.push(line.slice(1));
    reader.at += 1;
  }
  const blankAt = reader.at;
  const next = skipBlankLines(reader);
  if (next === undefined || next.trimStart().startsWith("***")) return lines;
  if (next.startsWith("+")) reader.at = blankAt;
  throw refusal(reader, 'a line of the new file, which starts with "+" (also an empty one), or the next "*** "');
}

function readUpdate(reader: Reader, path: string): UpdateFile {
  const line = reader.at;
  const movePath = readMovePath(reader);
  const hunks: Hunk[] = [];
  while (skipToHunk(reader)) {
    if (hunks.length > 0 && !currentLine(reader)?.startsWith("@@")) throw refusal(reader, '"@@" or the next "*** "');
    hunks.push(readHunk(reader));
  }
  if (movePath !== undefined) return { kind: "update", path, line, movePath, hunks };
  if (hunks.length === 0) throw refusal(reader, `a hunk for ${quote(path)}, which starts with "@@"`);
  return { kind: "update", path, line, hunks };
}

function readMovePath(reader: Reader): string | undefined {
  const line = currentLine(reader);
  const marker = line?.startsWith("***") ? readMarker(line) : undefined;
  if (marker?.kind !== "move") return undefined;
  reader.at += 1;
  return marker.path;
}

/**
 * Whether the section has another hunk. Empty lines are skipped up to a "@@", a marker or the end; before anything else they are
 * the first lines of a hunk that lacks its "@@".
 */
function skipToHunk(reader: Reader): boolean {
  let at = reader.at;
  while (at < reader.end && reader.lines[at] === "") at += 1;
  const next = at < reader.end ? reader.lines[at] : undefined;
  const ends = next === undefined || next.startsWith("***");
  if (ends || next.startsWith("@@")) reader.at = at;
  return !ends;
}

function readHunk(reader: Reader): Hunk {
  const contexts = readContexts(reader);
  const lines: HunkLine[] = [];
  for (let line = currentLine(reader); line !== undefined; line = currentLine(reader)) {
    if (line.startsWith("@@") || line.startsWith("***")) break;
    const kind = line === "" ? "keep" : lineKinds[line.charAt(0)];
    if (kind === undefined) throw refusal(reader, `${HUNK_LINE_EXPECTED}, or the next "@@" or "*** "`);
    lines.push({ kind, text: line.slice(1) });
    reader.at += 1;
  }
  const blanksAfter = countBlankLines(reader);
  lines.length -= Math.min(blanksAfter, lines.length);
  if (lines.length === 0) throw refusal(reader, HUNK_LINE_EXPECTED);
  const endOfFile = currentLine(reader)?.trimEnd() === END_OF_FILE;
  if (endOfFile) reader.at += 1;
  const quotesFile = lines.some((line) => line.kind !== "add");
  return { contexts, lines, blanksAfter: quotesFile ? blanksAfter : 0, endOfFile };
}

function readContexts(reader: Reader): readonly string[] {
  const contexts: string[] = [];
  for (let line = currentLine(reader); line?.startsWith("@@"); line = currentLine(reader)) {
    const numbered = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@(.*)$/.exec(line);
    const context = (numbered?.[1] ?? line.slice(2)).replace(/^ /, "");
    if (context.trim() !== "") contexts.push(context);
    reader.at += 1;
  }
  return contexts;
}

/** How many wholly empty lines come right before the current one. */
function countBlankLines(reader: Reader): number {
  let count = 0;
  while (reader.lines[reader.at - 1 - count] === "") count += 1;
  return count;
}

function currentLine(reader: Reader): string | undefined {
  return reader.at < reader.end ? reader.lines[reader.at] : undefined;
}

/** Moves to the next line that is not empty and returns it; undefined at the patch's end. */
function skipBlankLines(reader: Reader): string | undefined {
  while (currentLine(reader)?.trim() === "") reader.at += 1;
  return currentLine(reader);
}

function refusal(reader: Reader, expected: string): AgentError {
  const line = reader.lines[reader.at];
  const ended = reader.lines.slice(reader.at).every((rest) => rest.trim() === "");
  const found = ended ? "the end of the patch" : line === "" ? "an empty line" : quote(line ?? "");
  return new AgentError(
    "invalid",
    `The patch cannot be read at line ${reader.at + 1}: found ${found}, expected ${expected}. Nothing was changed; send the whole patch again, corrected.`,
  );
}
