import type { Range } from "./words.ts";

/** The part of a line that is shown. */
export interface Stretch {
  text: string;
  /** How many characters are left out before and after it. */
  before: number;
  after: number;
  /** What changed in it, as far as it is shown. */
  words: Range | undefined;
}

/** As much of what stands before a change as tells where in the line it is. */
const LEAD = 60;

/** At most `most` characters of a line: its beginning, or where it changed, when that lies further on. */
export function stretchOf(line: string, words: Range | undefined, most: number): Stretch {
  const from = words && words.to > most ? whole(line, Math.max(0, words.from - LEAD)) : 0;
  const to = whole(line, Math.min(line.length, from + most));
  const shown = words && { from: words.from - from, to: Math.min(words.to, to) - from };
  return { text: line.slice(from, to), before: from, after: line.length - to, words: shown };
}

/** Never between the two halves of one character. */
function whole(line: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(line.charAt(at)) && /[\uD800-\uDBFF]/.test(line.charAt(at - 1)) ? at - 1 : at;
}
