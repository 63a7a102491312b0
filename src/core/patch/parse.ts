import type { Hunk, HunkLine, Operation, UpdateFile } from "./operation.ts";
import {
  countBlankLines,
  currentLine,
  END,
  openPatch,
  type Reader,
  readMarker,
  refusal,
  skipBlankLines,
} from "./patchReader.ts";
import { quote } from "./quote.ts";

const END_OF_FILE = "*** End of File";
const SECTION_EXPECTED = `"*** Add File: path", "*** Delete File: path", "*** Update File: path" or "${END}"`;
const HUNK_LINE_EXPECTED = 'a hunk line, which starts with " " (kept), "-" (removed) or "+" (added)';

const lineKinds: Readonly<Record<string, HunkLine["kind"]>> = { " ": "keep", "+": "add", "-": "remove" };

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
