/** The newest output of a command, within a bound, for those who look at it later. */
export class OutputRing {
  readonly #maxCharacters: number;
  #chunks: string[] = [];
  #length = 0;
  #cut = false;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  append(chunk: string): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length > 2 * this.#maxCharacters) this.#trim();
  }

  /** True once older output is gone. */
  get isCut(): boolean {
    this.#trim();
    return this.#cut;
  }

  /** What is kept. */
  text(): string {
    this.#trim();
    return this.#chunks.join("");
  }

  #trim(): void {
    if (this.#length <= this.#maxCharacters) return;
    const kept = this.#chunks.join("").slice(-this.#maxCharacters);
    this.#chunks = [kept];
    this.#length = kept.length;
    this.#cut = true;
  }
}
