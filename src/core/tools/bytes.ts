/** Four bytes a token: close to the server's own count for code. */
export const BYTES_PER_TOKEN = 4;

/** What a tool output may cost, in tokens, unless the model asks for less. */
export const MAX_OUTPUT_TOKENS = 10_000;

const encoder = new TextEncoder();
/** Of one UTF-16 unit in UTF-8. */
const MAX_BYTES_OF_A_CHAR = 3;

/** What is counted is written here, again and again: large outputs are counted piece by piece, and must not leave a copy of each. */
const scratch = new Uint8Array(64 * 1024);

/** The length of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), scratch);
    at += read;
    bytes += written;
  }
  return bytes;
}

/** As much from the start as fits, whole characters only, up to a line end when one is in the second half. The text itself when it fits. */
export function headOf(text: string, maxBytes: number): string {
  if (maxBytes <= 0) return "";
  if (text.length * MAX_BYTES_OF_A_CHAR <= maxBytes) return text;
  const { read } = encoder.encodeInto(text.slice(0, maxBytes), new Uint8Array(maxBytes));
  if (read === text.length) return text;
  const cut = text.slice(0, read);
  const lineEnd = cut.lastIndexOf("\n");
  return lineEnd >= cut.length / 2 ? cut.slice(0, lineEnd + 1) : cut;
}

/** As much from the end as fits, whole characters only, from a line start when one is in the first half. The text itself when it fits. */
export function tailOf(text: string, maxBytes: number): string {
  const bytes = encoder.encode(text.slice(Math.max(0, text.length - maxBytes)));
  if (bytes.length <= maxBytes && text.length <= maxBytes) return text;
  let start = Math.max(0, bytes.length - maxBytes);
  while (start < bytes.length && isContinuation(bytes[start]!)) start++;
  const cut = new TextDecoder().decode(bytes.subarray(start));
  const lineEnd = cut.indexOf("\n");
  return lineEnd >= 0 && lineEnd < cut.length / 2 ? cut.slice(lineEnd + 1) : cut;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
