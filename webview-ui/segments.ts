import { html, type TemplateResult } from "lit";

export interface Segment {
  label: string;
  title: string;
  chosen: boolean;
  disabled?: boolean;
  testId: string;
  choose(): void;
}

export interface SegmentsRow {
  label: string;
  /** In a menu "menuitemradio", elsewhere "radio". */
  role: "menuitemradio" | "radio";
  segments: readonly Segment[];
}

/** A choice among a few words that stand side by side, with what it is about before them. */
export function segmentsRow({ label, role, segments }: SegmentsRow): TemplateResult {
  return html`<div class="menu-effort" role=${role === "radio" ? "radiogroup" : "group"} aria-label=${label}>
    <span aria-hidden="true">${label}</span>
    <span class="segments">${segments.map((segment) => segmentView(segment, role))}</span>
  </div>`;
}

function segmentView({ label, title, chosen, disabled, testId, choose }: Segment, role: string): TemplateResult {
  return html`<button class="segment" role=${role} aria-checked=${chosen} title=${title} tabindex=${role === "radio" ? 0 : -1}
    ?disabled=${disabled ?? false} data-testid=${testId} @click=${choose}>${label}</button>`;
}
