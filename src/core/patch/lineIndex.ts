/** How a line is compared, from the strictest reading to the most forgiving. */
const passes: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => plainPunctuation(line.trim()),
];

const LOOSEST = passes.length - 1;

/** A file's lines, searched in four passes: exact, trailing whitespace ignored, surrounding whitespace ignored, Unicode punctuation normalised. */
export class LineIndex {
  readonly lines: readonly string[];
  /** The lines as each pass compares them, made when a pass first needs them. */
  readonly #keys: (readonly string[] | undefined)[] = [];

  constructor(lines: readonly string[]) {
    this.lines = lines;
    this.#keys[0] = lines;
  }

  /** Where the pattern first occurs at or after `from`: the strictest pass that finds it anywhere wins over a nearer, looser one. */
  find(pattern: readonly string[], from: number): number | undefined {
    return this.#eachPass(pattern, (keys, wanted) => {
      for (let at = keys.indexOf(wanted[0]!, from); at !== -1; at = keys.indexOf(wanted[0]!, at + 1)) {
        if (occursAt(keys, wanted, at)) return at;
      }
      return undefined;
    });
  }

  /** Where the pattern occurs as the file's last lines, if that is at or after `from`. */
  findAtEnd(pattern: readonly string[], from: number): number | undefined {
    const at = this.lines.length - pattern.length;
    if (at < from) return undefined;
    return this.#eachPass(pattern, (keys, wanted) => (occursAt(keys, wanted, at) ? at : undefined));
  }

  /** The lines as the last pass compares them. */
  looseLines(): readonly string[] {
    return this.#keysOf(LOOSEST);
  }

  #eachPass(
    pattern: readonly string[],
    search: (keys: readonly string[], wanted: readonly string[]) => number | undefined,
  ): number | undefined {
    for (const [pass, key] of passes.entries()) {
      const at = search(this.#keysOf(pass), pattern.map(key));
      if (at !== undefined) return at;
    }
    return undefined;
  }

  #keysOf(pass: number): readonly string[] {
    this.#keys[pass] ??= this.lines.map(passes[pass]!);
    return this.#keys[pass];
  }
}

/** A line of a patch as the last pass compares it. */
export function looseLine(line: string): string {
  return passes[LOOSEST]!(line);
}

function occursAt(keys: readonly string[], wanted: readonly string[], at: number): boolean {
  return at + wanted.length <= keys.length && wanted.every((line, offset) => keys[at + offset] === line);
}

function plainPunctuation(line: string): string {
  if (!/[\u00a0\u2000-\u3000]/.test(line)) return line;
  return line
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, " ");
}
