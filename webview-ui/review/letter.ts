import { html, type TemplateResult } from "lit";
import type { ReviewedFile } from "../../src/protocol/review.ts";

const letters = { add: "A", delete: "D", update: "M", move: "R" } as const;

/** The letter that an editor shows for what becomes of a file; a screen reader hears the words. */
export function kindLetter(kind: ReviewedFile["kind"] | "move", words: string): TemplateResult {
  return html`<span class="kind-letter ${kind}" title=${words}><span aria-hidden="true">${letters[kind]}</span><span
      class="visually-hidden">${words}</span></span>`;
}
