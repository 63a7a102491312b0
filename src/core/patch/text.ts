import { AgentError } from "../../protocol/errors.ts";
import { decodeText, type Encoding, unitLength } from "./encoding.ts";

/** What ends a line; "" only for a last line without one. A carriage return without a line feed is text. */
export type LineEnd = "\n" | "\r\n" | "";

/** A file's text as lines that remember their bytes. An empty file has no lines. */
export interface TextFile {
  /** As given to `openText`, byte order mark included. */
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  readonly markLength: number;
  /** Without their ends. */
  readonly lines: readonly string[];
  readonly ends: readonly LineEnd[];
  /** Where each line begins in `bytes`, and after them the length of `bytes`. */
  readonly starts: readonly number[];
}

/** Throws AgentError `unfaithful` when the bytes are not text; `file` is for its message. */
export function openText(bytes: Uint8Array, file: string): TextFile {
  const decoded = decodeText(bytes);
  if (decoded === undefined) {
    throw new AgentError(
      "unfaithful",
      `"${file}" is a binary file, so its lines cannot be edited. Nothing was changed; use a command to produce that file.`,
    );
  }
  const { lines, ends } = splitLines(decoded.text);
  const wide = decoded.encoding === "utf-8" && decoded.text.length !== bytes.length - decoded.markLength;
  const starts = wide
    ? scanStarts(bytes, decoded.markLength, lines.length)
    : countStarts({ lines, ends, first: decoded.markLength, unit: unitLength(decoded.encoding) });
  return { bytes, encoding: decoded.encoding, markLength: decoded.markLength, lines, ends, starts };
}

export function splitLines(text: string): { readonly lines: string[]; readonly ends: LineEnd[] } {
  const lines: string[] = [];
  const ends: LineEnd[] = [];
  let from = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", from)) {
    const crlf = at > from && text.charCodeAt(at - 1) === 0x0d;
    lines.push(text.slice(from, crlf ? at - 1 : at));
    ends.push(crlf ? "\r\n" : "\n");
    from = at + 1;
  }
  if (from < text.length) {
    lines.push(text.slice(from));
    ends.push("");
  }
  return { lines, ends };
}

/** Line starts where every character has the same number of bytes. */
function countStarts(text: { lines: string[]; ends: LineEnd[]; first: number; unit: number }): readonly number[] {
  const starts = [text.first];
  let start = text.first;
  for (const [at, line] of text.lines.entries()) {
    start += (line.length + text.ends[at]!.length) * text.unit;
    starts.push(start);
  }
  return starts;
}

/** Line starts of UTF-8, found in the bytes: no other character contains the byte of a line feed. */
function scanStarts(bytes: Uint8Array, first: number, lineCount: number): readonly number[] {
  const starts = [first];
  while (starts.length < lineCount) starts.push(bytes.indexOf(0x0a, starts.at(-1)) + 1);
  if (lineCount > 0) starts.push(bytes.length);
  return starts;
}
