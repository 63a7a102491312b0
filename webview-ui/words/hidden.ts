/** A stretch of text that is shown as it is, or one character that has no honest look and is shown as a boxed name. */
export type Segment = { text: string } | { box: string };

const NAMES: Record<number, string> = {
  0: "NUL",
  7: "BEL",
  8: "BS",
  11: "VT",
  12: "FF",
  13: "CR",
  27: "ESC",
  127: "DEL",
  160: "NBSP",
};

/** Control, format, zero-width, bidirectional, private and unpaired characters, and every space that is not U+0020. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Splits text at the characters that a reader could not see. Newlines and tabs stay text. */
export function segments(text: string): Segment[] {
  const result: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match[0] === "\n" || match[0] === "\t") continue;
    if (match.index > from) result.push({ text: text.slice(from, match.index) });
    result.push({ box: nameOf(match[0].codePointAt(0) ?? 0) });
    from = match.index + match[0].length;
  }
  if (from < text.length) result.push({ text: text.slice(from) });
  return result;
}

export function hiddenCount(text: string): number {
  return segments(text).filter((segment) => "box" in segment).length;
}

function nameOf(code: number): string {
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
