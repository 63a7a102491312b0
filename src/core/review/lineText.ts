import { decodeLatin1, decodeText, type Encoding, encodeText } from "../patch/encoding.ts";
import { sameBytes } from "../sameBytes.ts";
import { linesOf } from "./lineChanges.ts";

/** Files above this size in bytes are reviewed as a whole. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** A file's text in lines that hold every byte of it: a byte order mark is the first character of the first line. */
export interface LineText {
  readonly encoding: Encoding;
  readonly lines: readonly string[];
}

/** Undefined for a file that is binary, or too large to be reviewed line by line. */
export function lineTextOf(bytes: Uint8Array): LineText | undefined {
  if (bytes.length > MAX_TEXT_BYTES) return undefined;
  const decoded = decodeText(bytes);
  if (!decoded) return undefined;
  const { encoding, markLength } = decoded;
  const text = markOf(encoding, markLength) + decoded.text;
  const isFaithful = !isUtf16(encoding) || !text.includes("\ufffd") || sameBytes(encodeText(text, encoding, ""), bytes);
  return isFaithful ? { encoding, lines: linesOf(text) } : undefined;
}

/** The same for a file whose text was taken for latin1 before: any bytes can be. */
export function latin1TextOf(bytes: Uint8Array): LineText | undefined {
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return undefined;
  return { encoding: "latin1", lines: linesOf(decodeLatin1(bytes)) };
}

/** Throws AgentError `unfaithful` for a character that the encoding lacks; `file` is for its message. */
export function bytesOfLines(lines: readonly string[], encoding: Encoding, file: string): Uint8Array {
  return encodeText(lines.join(""), encoding, file);
}

/** The same, in UTF-8 where the encoding lacks a character: somebody has stored the file in another one since. */
export function anyBytesOf(lines: readonly string[], encoding: Encoding): Uint8Array {
  try {
    return bytesOfLines(lines, encoding, "");
  } catch {
    return new TextEncoder().encode(lines.join(""));
  }
}

/** A text for people and editors, which show no byte order mark. */
export function shownText(lines: readonly string[]): string {
  return withoutMark(lines.join(""));
}

export function withoutMark(text: string): string {
  return text.replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, "");
}

/** The line in latin1 that has the bytes of a line in UTF-8. */
export function latin1Line(line: string): string {
  return decodeLatin1(encodeText(line, "utf-8", ""));
}

function isUtf16(encoding: Encoding): boolean {
  return encoding === "utf-16le" || encoding === "utf-16be";
}

function markOf(encoding: Encoding, markLength: number): string {
  if (markLength === 0) return "";
  return encoding === "latin1" ? "\u00ef\u00bb\u00bf" : "\ufeff";
}
