import { BYTES_PER_TOKEN, byteLength, headOf, MAX_OUTPUT_TOKENS, tailOf } from "./bytes.ts";

/**
 * Text that grows without end in bounded memory: its first and last parts are kept, half of `maxBytes` each, and what is between them is
 * counted. Cuts fall between lines where there are any, and never inside a character.
 */
export class BoundedText {
  readonly #half: number;
  #head = "";
  #headBytes = 0;
  /** The tail is both together: the older part goes as soon as the newer one is enough. Nothing is copied meanwhile. */
  #older = "";
  #newer = "";
  #bytes = 0;
  #lineEnds = 0;
  #endsInLine = false;

  constructor(maxBytes: number) {
    this.#half = Math.ceil(maxBytes / 2);
  }

  append(text: string): void {
    if (text === "") return;
    this.#bytes += byteLength(text);
    this.#lineEnds += countLineEnds(text);
    this.#endsInLine = !text.endsWith("\n");
    const toHead = this.#older === "" && this.#newer === "" ? headOf(text, this.#half - this.#headBytes) : "";
    this.#head += toHead;
    this.#headBytes += byteLength(toHead);
    this.#newer += text.slice(toHead.length);
    if (this.#newer.length <= this.#half) return;
    this.#older = this.#newer;
    this.#newer = "";
  }

  /** Lines as a person counts them, of all that was appended. */
  get lines(): number {
    return this.#lineEnds + (this.#endsInLine ? 1 : 0);
  }

  /** True when `toText` leaves something out. */
  isCut(maxBytes: number = Number.POSITIVE_INFINITY): boolean {
    return this.#bytes > 2 * this.#halfOf(maxBytes);
  }

  /** All of it, or head and tail, at most `maxBytes` together, with what `gap` says of the bytes between them. */
  toText(gap: (bytes: number) => string, maxBytes: number = Number.POSITIVE_INFINITY): string {
    const kept = this.#older + this.#newer;
    if (!this.isCut(maxBytes)) return this.#head + kept;
    const all = this.isCut() ? undefined : this.#head + kept;
    const head = headOf(all ?? this.#head, this.#halfOf(maxBytes));
    const tail = tailOf(all ?? kept, this.#halfOf(maxBytes));
    return head + gap(this.#bytes - byteLength(head) - byteLength(tail)) + tail;
  }

  #halfOf(maxBytes: number): number {
    return Math.min(Math.ceil(maxBytes / 2), this.#half);
  }
}

/**
 * A tool's output as the model gets it: itself when it fits, else head and tail with the number of tokens left out between them, and the
 * total line count in front.
 */
export function truncate(text: string): string {
  const bounded = new BoundedText(MAX_OUTPUT_TOKENS * BYTES_PER_TOKEN);
  bounded.append(text);
  return truncated(bounded);
}

/** The same for text that was gathered bounded. */
export function truncated(text: BoundedText, maxBytes?: number): string {
  const lines = text.isCut(maxBytes) ? `Total output lines: ${text.lines}\n\n` : "";
  return lines + text.toText((bytes) => `...${Math.ceil(bytes / BYTES_PER_TOKEN)} tokens truncated...`, maxBytes);
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
