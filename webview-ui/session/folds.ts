/** Which rows the user opened or closed. What they chose stays so; the rest follows each row's own rule. */
export class Folds {
  readonly #chosen = new Map<string, boolean>();

  isOpen(id: string, byRule: boolean): boolean {
    return this.#chosen.get(id) ?? byRule;
  }

  choose(id: string, open: boolean): void {
    this.#chosen.set(id, open);
  }
}
