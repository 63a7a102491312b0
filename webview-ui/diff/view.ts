import { html, nothing, type TemplateResult } from "lit";
import { highlight, languageOf } from "../code/highlight.ts";
import { type CodeRun, cutRuns } from "../code/runs.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import type { DiffLine, Hunk } from "./parse.ts";
import { changedWords, type Range } from "./words.ts";

/** What is shown of a line; minified code has lines that nobody reads here. */
const MOST_CHARACTERS = 2000;

/** One hunk: a bar that says which lines, then the lines with number, sign and code. Rendered lines are kept by the caller. */
export function hunkView(hunk: Hunk, path: string): TemplateResult {
  const runs = runsOf(hunk, languageOf(path));
  const words = changedWords(hunk.lines);
  const line = (at: number) => lineView(hunk.lines[at] as DiffLine, marked(runs[at] ?? [], words.get(at)));
  return html`<div class="diff-lines" role="group" tabindex="0" aria-label=${hunkName(hunk)}>
    <div class="diff-table">${hunk.lines.map((_, at) => line(at))}</div>
  </div>`;
}

export function hunkName({ from, to }: Hunk): string {
  return from === to ? t("line", { from }) : t("lines", { from, to });
}

function lineView({ sign, number }: DiffLine, code: TemplateResult[]): TemplateResult {
  const kind = sign === "+" ? "added" : sign === "-" ? "removed" : "context";
  return html`<div class="diff-line ${kind}"><span class="diff-number">${number}</span><span class="diff-sign"
      >${sign === " " ? "" : sign}</span><span class="diff-code">${code}</span></div>`;
}

/** Old and new side are coloured apart, since each is code of its own. */
function runsOf(hunk: Hunk, language: string): CodeRun[][] {
  const side = (skipped: "+" | "-") => hunk.lines.filter(({ sign }) => sign !== skipped);
  const coloured = (lines: readonly DiffLine[]) =>
    highlight(lines.map(({ text }) => text.slice(0, MOST_CHARACTERS)).join("\n"), language);
  const before = coloured(side("+"));
  const after = coloured(side("-"));
  let old = 0;
  let now = 0;
  return hunk.lines.map(({ sign }) => {
    const fromOld = sign === "-";
    const runs = (fromOld ? before[old] : after[now]) ?? [];
    if (sign !== "+") old++;
    if (sign !== "-") now++;
    return runs;
  });
}

/** Changed words are one box in the plain colour, whatever they are made of. */
function marked(runs: readonly CodeRun[], words: Range | undefined): TemplateResult[] {
  if (!words) return runs.map(runView);
  const { before, within, after } = cutRuns(runs, words);
  return [...before.map(runView), html`<span class="changed">${shownText(within)}</span>`, ...after.map(runView)];
}

function runView({ text, style }: CodeRun): TemplateResult {
  const shown = shownText(text);
  return style === "" ? html`${shown}` : html`<span class="tok-${style}">${shown}</span>`;
}

/** "+4 −2", read aloud as words. */
export function counts(added: number, removed: number): TemplateResult {
  return html`<span class="counts"><span class="visually-hidden">${t("counts", { added, removed })}</span>${
    added > 0 ? html`<span class="count-added" aria-hidden="true">+${added}</span>` : nothing
  }${removed > 0 ? html`<span class="count-removed" aria-hidden="true">−${removed}</span>` : nothing}</span>`;
}
