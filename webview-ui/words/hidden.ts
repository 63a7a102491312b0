import { HIDDEN_CHARACTER } from "../../src/protocol/sanitizeForDisplay.ts";

/** A stretch of text that is shown as it is, or a character without an honest look, which is shown as a boxed name. */
export type Segment =
  | { text: string }
  /** `count` of the same character in a row. */
  | { box: string; count: number };

const NAMES: Record<number, string> = {
  0: "NUL",
  7: "BEL",
  8: "BS",
  11: "VT",
  12: "FF",
  13: "CR",
  27: "ESC",
  32: "SPACE",
  127: "DEL",
  160: "NBSP",
};

/** The same one as often as it stands in a row, and so many spaces in a row that they push what follows out of sight. */
const HIDDEN = new RegExp(String.raw`(${HIDDEN_CHARACTER})\1*| {60,}`, "gv");

/** Splits text at the characters that a reader could not see. Newlines and tabs stay text. */
export function segments(text: string): Segment[] {
  const result: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match[0][0] === "\n" || match[0][0] === "\t") continue;
    if (match.index > from) result.push({ text: text.slice(from, match.index) });
    const code = match[0].codePointAt(0) ?? 0;
    result.push({ box: nameOf(code), count: match[0].length / (code > 0xffff ? 2 : 1) });
    from = match.index + match[0].length;
  }
  if (from < text.length) result.push({ text: text.slice(from) });
  return result;
}

/** How many characters of the text are shown as boxes. */
export function hiddenCount(text: string): number {
  return segments(text).reduce((sum, segment) => sum + ("box" in segment ? segment.count : 0), 0);
}

/** What the box says. */
export function boxWords({ box, count }: { box: string; count: number }): string {
  return count === 1 ? box : `${box} ×${count}`;
}

function nameOf(code: number): string {
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
