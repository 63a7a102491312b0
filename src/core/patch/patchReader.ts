import { AgentError } from "../../protocol/errors.ts";
import { quote } from "./quote.ts";

/** A `*** ...` line, apart from the ones that open and close the patch. */
export interface Marker {
  readonly kind: "add" | "delete" | "update" | "move";
  readonly path: string;
}

const BEGIN = "*** Begin Patch";
export const END = "*** End Patch";

const markerKinds: Readonly<Record<string, Marker["kind"]>> = {
  "Add File": "add",
  "Delete File": "delete",
  "Update File": "update",
  "Move to": "move",
};

/** The lines from `at` on are still to be read; `end` is the line that closes the patch. */
export interface Reader {
  readonly lines: readonly string[];
  readonly end: number;
  at: number;
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

/** At the first line within a patch, whatever stands round it that is forgiven. Throws AgentError `invalid` when it is not opened and closed. */
export function openPatch(text: string): Reader {
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

/** How many wholly empty lines come right before the current one. */
export function countBlankLines(reader: Reader): number {
  let count = 0;
  while (reader.lines[reader.at - 1 - count] === "") count += 1;
  return count;
}

/** Undefined at the patch's end. */
export function currentLine(reader: Reader): string | undefined {
  return reader.at < reader.end ? reader.lines[reader.at] : undefined;
}

/** Moves to the next line that is not empty and returns it; undefined at the patch's end. */
export function skipBlankLines(reader: Reader): string | undefined {
  while (currentLine(reader)?.trim() === "") reader.at += 1;
  return currentLine(reader);
}

/** Says where reading ended, what stands there and what was expected, in words for the model. */
export function refusal(reader: Reader, expected: string): AgentError {
  const line = reader.lines[reader.at];
  const ended = reader.lines.slice(reader.at).every((rest) => rest.trim() === "");
  const found = ended ? "the end of the patch" : line === "" ? "an empty line" : quote(line ?? "");
  return new AgentError(
    "invalid",
    `The patch cannot be read at line ${reader.at + 1}: found ${found}, expected ${expected}. Nothing was changed; send the whole patch again, corrected.`,
  );
}
