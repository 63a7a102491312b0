/** A part of a text that is drawn at once: whole lines, or a part of one that is very long. */
export interface Piece {
  lines: string[];
  characters: number;
}

const MOST_LINES = 100;
const MOST_CHARACTERS = 1000;

/** Cuts a text so that each piece is quickly drawn. Nothing is left out, and no character is cut in two. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece = { lines: [], characters: 0 };
  const end = () => {
    if (piece.lines.length > 0) pieces.push(piece);
    piece = { lines: [], characters: 0 };
  };
  for (const line of text.split("\n")) {
    for (const part of partsOf(line)) {
      if (piece.lines.length === MOST_LINES || piece.characters + part.length > MOST_CHARACTERS) end();
      piece.lines.push(part);
      piece.characters += part.length;
    }
  }
  end();
  return pieces;
}

/** The end of a text's last line that has something on it, at most so many characters. */
export function tailOf(text: string, characters: number): string {
  const trimmed = text.trimEnd();
  const line = trimmed.slice(trimmed.lastIndexOf("\n") + 1);
  return line.slice(borderAt(line, Math.max(0, line.length - characters)));
}

export function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function partsOf(line: string): string[] {
  if (line.length <= MOST_CHARACTERS) return [line];
  const parts: string[] = [];
  for (let from = 0; from < line.length; ) {
    const to = borderAt(line, Math.min(from + MOST_CHARACTERS, line.length));
    parts.push(line.slice(from, to));
    from = to;
  }
  return parts;
}

/** The place itself, or the one before it when it is in the middle of a surrogate pair. */
function borderAt(text: string, at: number): number {
  const isLow = /[\udc00-\udfff]/.test(text[at] ?? "");
  return isLow && /[\ud800-\udbff]/.test(text[at - 1] ?? "") ? at - 1 : at;
}
