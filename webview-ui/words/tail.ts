/** The last lines of an output that grows. Lines are counted as they arrive, so that a long output is never walked twice. */
export class OutputTail {
  #counted = 0;
  #newlines = 0;
  #head = "";

  /** How many lines the text has and the last `limit` of them. The text may only grow; another text starts over. */
  read(text: string, limit: number): { total: number; lines: string[] } {
    if (this.#counted === 0 || !this.#continues(text)) this.#reset(text);
    for (let at = text.indexOf("\n", this.#counted); at >= 0; at = text.indexOf("\n", at + 1)) this.#newlines++;
    this.#counted = text.length;
    const end = text.endsWith("\n") ? text.length - 1 : text.length;
    const total = text === "" ? 0 : this.#newlines + (text.endsWith("\n") ? 0 : 1);
    return { total, lines: total === 0 ? [] : lastLines(text, end, limit) };
  }

  #continues(text: string): boolean {
    return text.length >= this.#counted && text.startsWith(this.#head);
  }

  #reset(text: string): void {
    this.#counted = 0;
    this.#newlines = 0;
    this.#head = text.slice(0, 64);
  }
}

function lastLines(text: string, end: number, limit: number): string[] {
  const lines: string[] = [];
  let to = end;
  while (lines.length < limit && to >= 0) {
    const from = to === 0 ? -1 : text.lastIndexOf("\n", to - 1);
    lines.unshift(text.slice(from + 1, to));
    to = from;
  }
  return lines;
}
