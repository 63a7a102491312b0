import { AgentError } from "../../protocol/errors.ts";
import type { SearchMatch, SearchQuery } from "../host.ts";
import { matchText, requireOneLine } from "./search.ts";

/** Says of one line whether it matches. Throws `invalid` for a pattern that is not a regular expression of JavaScript. */
export function lineMatcher(query: SearchQuery): (line: string) => boolean {
  requireOneLine(query.pattern);
  if (query.syntax === "text" && query.caseSensitive) return (line) => line.includes(query.pattern);
  const source = query.syntax === "text" ? query.pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&") : query.pattern;
  try {
    const pattern = new RegExp(source, query.caseSensitive ? "" : "i");
    return (line) => pattern.test(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentError("invalid", `${JSON.stringify(query.pattern)} is not a valid regular expression: ${reason}.`);
  }
}

/** The lines of a file that match; none of a binary one, which is one with a NUL byte. */
export function* matchingLines(
  bytes: Uint8Array,
  matches: (line: string) => boolean,
): Generator<Omit<SearchMatch, "path">> {
  const text = decodeText(bytes);
  if (text === undefined) return;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [index, line] of lines.entries()) {
    const content = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (matches(content)) yield { line: index + 1, text: matchText(content) };
  }
}

/** The text by its byte order mark, else as UTF-8; undefined for a binary file. */
function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}
