/** Control characters but tab and newline, and characters that change the direction of a text or cannot be seen. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;

/** A text that a terminal shows as it is: nothing in it moves the cursor, colours, or reads otherwise than it is. */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(HIDDEN, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}
