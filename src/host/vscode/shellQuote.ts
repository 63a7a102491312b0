/**
 * The line that runs exactly this argv when typed into a shell, with nothing expanded. It has no control character, which the shell's line editor
 * would take for a key. `shell` is the editor's name for it, such as "bash"; undefined for a shell whose quoting is not known here.
 */
export function typedLine(argv: readonly string[], shell: string | undefined): string | undefined {
  const quoting = shell === undefined ? undefined : quotings[shell];
  if (!quoting || argv.some((part) => part.includes("\0"))) return undefined;
  const words = argv.map((part) => quoting.word(piecesOf(part)));
  return words.includes(undefined) ? undefined : `${quoting.call ?? ""}${words.join(" ")}`;
}

/** A stretch of text without control characters, or the code of one. */
type Piece = string | number;

interface Quoting {
  /** What goes before the first word. */
  readonly call?: string;
  /** Undefined for a word that this shell cannot be told on one line. */
  word(pieces: readonly Piece[]): string | undefined;
}

const ansi: Quoting = { word: (pieces) => joined(pieces, posixText, (code) => `$'\\x${hex(code)}'`) };

const quotings: Readonly<Record<string, Quoting>> = {
  bash: ansi,
  zsh: ansi,
  ksh: ansi,
  gitbash: ansi,
  wsl: ansi,
  sh: {
    word: (pieces) =>
      pieces.some((piece) => typeof piece === "number") ? undefined : joined(pieces, posixText, () => ""),
  },
  fish: {
    word: (pieces) =>
      joined(
        pieces,
        (text) => `'${text.replace(/['\\]/g, "\\$&")}'`,
        (code) => `\\x${hex(code)}`,
      ),
  },
  pwsh: { call: "& ", word: powershellWord },
};

function posixText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** PowerShell takes typographic quotes for quotes, too. */
const powershellQuotes = /['\u2018-\u201b]/g;

function powershellWord(pieces: readonly Piece[]): string {
  const parts = pieces.map((piece) =>
    typeof piece === "number" ? `[char]${piece}` : `'${piece.replace(powershellQuotes, "$&$&")}'`,
  );
  return pieces.some((piece) => typeof piece === "number") ? `('' + ${parts.join(" + ")})` : parts.join("");
}

function joined(pieces: readonly Piece[], text: (piece: string) => string, control: (code: number) => string): string {
  return pieces.map((piece) => (typeof piece === "number" ? control(piece) : text(piece))).join("");
}

function piecesOf(part: string): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  for (const character of part) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 32 && code !== 127) {
      text += character;
      continue;
    }
    if (text !== "") pieces.push(text);
    pieces.push(code);
    text = "";
  }
  return text !== "" || pieces.length === 0 ? [...pieces, text] : pieces;
}

function hex(code: number): string {
  return code.toString(16).padStart(2, "0");
}
