/** Control, format, zero-width, bidirectional, private and unpaired characters, and every space that is not U+0020. For a RegExp with the flag "v". */
export const HIDDEN_CHARACTER = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}`;

const PICTURE = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}?[\ufe0e\ufe0f]?`;
const JOINING = String.raw`[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]`;

/** What of these honest prose needs: pictures of several parts, joiners within scripts that join, and wide or unbreaking spaces. */
const HONEST = [
  String.raw`${PICTURE}(?:\u200d${PICTURE})*`,
  String.raw`[0-9#*]\ufe0f\u20e3`,
  String.raw`(?<=${JOINING})[\u200c\u200d](?=${JOINING})`,
  String.raw`[\u00a0\u202f\u3000]`,
].join("|");

/**
 * What steers a terminal, where it is complete: CSI (its parameters and its letter are groups), OSC, DCS and their like up to their end, and the
 * short sequences. For a RegExp with the flag "v".
 */
export const ESCAPE_SEQUENCE = [
  String.raw`(?:\x1b\x5b|\x9b)([0-\x3f]*)[ -\x2f]*([@-\x7e])`,
  String.raw`(?:\x1b[\x5dPX\x5e\x5f]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\x5c|\x9c)`,
  String.raw`\x1b(?:[ -\x2f]+[0-\x7e]|[0-OQ-WYZ\x5c\x60-\x7e])`,
].join("|");

const hidden = new RegExp(HIDDEN_CHARACTER, "gv");
const unprintable = new RegExp(
  `(?<sequence>${ESCAPE_SEQUENCE})|\\r\\n?|(?<honest>${HONEST})|${HIDDEN_CHARACTER}`,
  "gv",
);

/**
 * What a model, a tool, a file or a command says, as it may be shown anywhere: nothing in it moves a cursor, colours, hides, or reads otherwise
 * than it is. Terminal sequences are left out, every other character without an honest look stands as "\u{202E}", and lines end with "\n".
 */
export function sanitizeForDisplay(text: string): string {
  return text.replace(unprintable, (found, ...rest) => {
    const { sequence, honest } = rest.at(-1) as { sequence?: string; honest?: string };
    if (sequence !== undefined) return "";
    if (found.startsWith("\r")) return "\n";
    return honest !== undefined || isLayout(found) ? found : named(found);
  });
}

/** What the user is asked to allow: all of it, byte for byte, with nothing left out and every hidden character named. Newlines and tabs stay. */
export function revealed(text: string): string {
  return text.replace(hidden, (char) => (isLayout(char) ? char : named(char)));
}

/** The same in one line of at most so many characters, for titles, labels and names of files. */
export function sanitizeLine(text: string, maxLength = 200): string {
  const line = headOf(text, maxLength + 1).replace(hidden, named);
  return line.length <= maxLength ? line : `${headOf(line, maxLength - 1)}\u2026`;
}

/** No pair is parted by the cut. */
function headOf(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

function isLayout(char: string): boolean {
  return char === "\n" || char === "\t";
}

function named(char: string): string {
  return `\\u{${char.codePointAt(0)?.toString(16).toUpperCase()}}`;
}
