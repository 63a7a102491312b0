import { AgentError } from "../../protocol/errors.ts";
import type { SearchMatch, SearchQuery } from "../files.ts";
import { matchText, requireOneLine } from "./search.ts";

export interface LineMatcher {
  matches(line: string): boolean;
  /** False when no line of the text can match: most files of a search are done with that. */
  mayMatch(text: string): boolean;
}

/** Throws `invalid` for a pattern that is not a regular expression of JavaScript. */
export function lineMatcher({ pattern, syntax, caseSensitive }: SearchQuery): LineMatcher {
  requireOneLine(pattern);
  if (syntax === "text" && caseSensitive) {
    const contains = (text: string) => text.includes(pattern);
    return { matches: contains, mayMatch: contains };
  }
  const source = syntax === "text" ? pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&") : pattern;
  try {
    const expression = new RegExp(source, caseSensitive ? "" : "i");
    const matches = (text: string) => expression.test(text);
    return { matches, mayMatch: syntax === "text" ? matches : () => true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentError("invalid", `${JSON.stringify(pattern)} is not a valid regular expression: ${reason}.`);
  }
}

/** The lines of a file that match; none of a binary one, which is one with a NUL byte. */
export function* matchingLines(bytes: Uint8Array, matcher: LineMatcher): Generator<Omit<SearchMatch, "path">> {
  const text = decodeText(bytes);
  if (text === undefined || !matcher.mayMatch(text)) return;
  for (const [index, content] of splitLines(text).entries()) {
    if (matcher.matches(content)) yield { line: index + 1, text: matchText(content) };
  }
}

/** The lines of a file without their ends; none of a binary one. */
export function linesOf(bytes: Uint8Array): readonly string[] {
  const text = decodeText(bytes);
  return text === undefined ? [] : splitLines(text);
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

/** The text by its byte order mark, else as UTF-8; undefined for a binary file. */
function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}
