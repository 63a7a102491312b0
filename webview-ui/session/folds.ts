export type Fold = "open" | "closed";

export const opposite: Readonly<Record<Fold, Fold>> = { open: "closed", closed: "open" };

/** Which rows the user opened or closed. What they chose stays so; the rest follows each row's own rule. */
export class Folds {
  readonly #chosen = new Map<string, Fold>();

  of(id: string, byRule: Fold): Fold {
    return this.#chosen.get(id) ?? byRule;
  }

  choose(id: string, fold: Fold): void {
    this.#chosen.set(id, fold);
  }
}
