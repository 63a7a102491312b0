import { html, type TemplateResult } from "lit";
import type { ReviewedFile, ReviewHunk } from "../../src/protocol/review.ts";
import type { Hunk } from "../diff/parse.ts";
import { matchHunks } from "../review/matching.ts";
import { reviewHunkName } from "../review/names.ts";
import { t } from "../strings.ts";

/** Which hunks of a proposed edit the user wants; at first, all. */
export class HunkPicks {
  readonly #left = new Set<string>();
  readonly #changed: () => void;
  #files: readonly ReviewedFile[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Takes the files that are proposed, as far as the server tells. */
  set files(files: readonly ReviewedFile[]) {
    this.#files = files;
  }

  get total(): number {
    return this.#hunks.length;
  }

  get picked(): number {
    return this.#hunks.filter(({ id }) => !this.#left.has(id)).length;
  }

  /** The picked ones, to be sent with the answer; undefined when that is all of them. */
  get accepted(): string[] | undefined {
    if (this.picked === this.total) return undefined;
    return this.#hunks.flatMap(({ id }) => (this.#left.has(id) ? [] : id));
  }

  /** Boxes for the hunks of a file: those that stand in one of the shown hunks, and those that stand in none of them. */
  of(path: string, shown: readonly Hunk[]): { bar(hunk: Hunk): unknown; others: TemplateResult[] } | undefined {
    const file = this.#files.find((known) => known.path === path);
    if (!file || this.total < 2) return undefined;
    const matched = matchHunks(shown, file.hunks);
    const placed = new Set([...matched.values()].flat());
    return {
      bar: (hunk) => (matched.get(hunk) ?? []).map((each) => this.#box(each)),
      others: file.hunks.filter((hunk) => !placed.has(hunk)).map((each) => this.#box(each)),
    };
  }

  get #hunks(): ReviewHunk[] {
    return this.#files.flatMap(({ hunks }) => hunks);
  }

  #box(hunk: ReviewHunk): TemplateResult {
    const name = reviewHunkName(hunk);
    const toggle = () => {
      if (!this.#left.delete(hunk.id)) this.#left.add(hunk.id);
      this.#changed();
    };
    return html`<label class="choice"><input type="checkbox" .checked=${!this.#left.has(hunk.id)} aria-label=${t("acceptPart", { name })}
      data-testid="pick-hunk" @change=${toggle}>${name}</label>`;
  }
}
