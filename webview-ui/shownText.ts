import { html } from "lit";
import { boxWords, type Segment, segments } from "./words/hidden.ts";

/** Text with every character visible: one without an honest look stands as a boxed name. */
export function shownText(text: string): unknown[] {
  return segments(text).map(shownSegment);
}

function shownSegment(segment: Segment): unknown {
  return "box" in segment ? html`<span class="hidden-char">${boxWords(segment)}</span>` : segment.text;
}
