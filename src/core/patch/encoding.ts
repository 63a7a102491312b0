import { AgentError } from "../../protocol/errors.ts";

/** How a file's text is stored. "latin1" is ISO 8859-1: every byte is the character of that number, so that any bytes survive. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "latin1";

export interface DecodedText {
  /** Without the byte order mark. */
  readonly text: string;
  readonly encoding: Encoding;
  /** Bytes of the byte order mark in front of the text; 0 when there is none. A UTF-8 mark may stand in front of latin1 text. */
  readonly markLength: number;
}

const LATIN1_CHUNK = 8192;

/**
 * Text that looks like text: no unassigned characters, no halves of surrogate pairs, no control characters beside tab, line feed,
 * form feed and carriage return.
 */
const plainText = /^[^\p{Cn}\p{Cs}[\p{Cc}--[\t\n\f\r]]]*$/v;

/**
 * The text of a file in the encoding that its bytes show: a byte order mark decides first; then NUL bytes, which only UTF-16 without a mark
 * explains; then whether it is valid UTF-8; and what remains is latin1. Undefined for a binary file.
 */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeMarkedUtf16(bytes, "utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeMarkedUtf16(bytes, "utf-16be");
  const markLength = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const body = bytes.subarray(markLength);
  if (body.includes(0)) return markLength === 0 ? decodeUnmarkedUtf16(body) : undefined;
  const text = decodeStrictly(body, "utf-8");
  if (text !== undefined) return { text, encoding: "utf-8", markLength };
  return { text: decodeLatin1(body), encoding: "latin1", markLength };
}

/** The bytes of a text. Throws AgentError `unfaithful` for a character that the encoding lacks; `file` is for its message. */
export function encodeText(text: string, encoding: Encoding, file: string): Uint8Array {
  const foreign = firstForeign(text, encoding);
  if (foreign !== undefined) {
    throw new AgentError(
      "unfaithful",
      `"${file}" is stored as ${encoding}, which cannot hold the character ${nameOf(foreign)}. Nothing was changed; leave that character out or write it in another way (such as an escape sequence).`,
    );
  }
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  return encoding === "latin1" ? encodeLatin1(text) : encodeUtf16(text, encoding);
}

/** The bytes of one character of the encoding; 1 for UTF-8, where only ASCII has that length. */
export function unitLength(encoding: Encoding): 1 | 2 {
  return encoding === "utf-16le" || encoding === "utf-16be" ? 2 : 1;
}

/** NUL counts as foreign everywhere: a text file that got one would be a binary file from then on. */
function firstForeign(text: string, encoding: Encoding): string | undefined {
  if (text.includes("\0")) return "\0";
  if (encoding === "latin1") return /[^\0-\xff]/u.exec(text)?.[0];
  return text.isWellFormed() ? undefined : /\p{Cs}/u.exec(text)?.[0];
}

function nameOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return character.isWellFormed() && character !== "\0" ? `"${character}" (U+${code})` : `U+${code}`;
}

function decodeMarkedUtf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): DecodedText | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(2));
  return text.includes("\0") ? undefined : { text, encoding, markLength: 2 };
}

/**
 * UTF-16LE without a mark: every pair of bytes makes plain text, and more pairs have a zero high byte (ASCII, line feeds) than a zero
 * low byte, which would be the other byte order.
 */
function decodeUnmarkedUtf16(bytes: Uint8Array): DecodedText | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let zeroHigh = 0;
  let zeroLow = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    if (bytes[at] === 0) zeroLow += 1;
    if (bytes[at + 1] === 0) zeroHigh += 1;
  }
  if (zeroHigh <= zeroLow) return undefined;
  const text = decodeStrictly(bytes, "utf-16le");
  return text !== undefined && plainText.test(text) ? { text, encoding: "utf-16le", markLength: 0 } : undefined;
}

function decodeStrictly(bytes: Uint8Array, encoding: "utf-8" | "utf-16le"): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Any bytes, each as the character of its number. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += LATIN1_CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + LATIN1_CHUNK));
  }
  return text;
}

function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function encodeUtf16(text: string, encoding: "utf-16le" | "utf-16be"): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), encoding === "utf-16le");
  return new Uint8Array(view.buffer);
}
