import { html, nothing, type TemplateResult } from "lit";
import { highlight, languageOf } from "../code/highlight.ts";
import { type CodeRun, cutRuns } from "../code/runs.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import type { DiffLine, Hunk } from "./parse.ts";
import { type Stretch, stretchOf } from "./stretch.ts";
import { changedWords, type Range } from "./words.ts";

/** How long lines are shown: what does not fit is wrapped, or scrolled to. */
export type LongLines = "wrap" | "scroll";

export interface HunkLook {
  path: string;
  longLines: LongLines;
  /** What is shown of a line, in characters; minified code has lines that nobody reads here. */
  most: number;
}

/** One hunk: its lines with number, sign and code. Rendered lines are kept by the caller. */
export function hunkView(hunk: Hunk, { path, longLines, most }: HunkLook): TemplateResult {
  const words = changedWords(hunk.lines);
  const stretches = hunk.lines.map(({ text }, at) => stretchOf(text, words.get(at), most));
  const runs = runsOf(hunk, stretches, languageOf(path));
  const line = (at: number) => lineView(hunk.lines[at] as DiffLine, stretches[at] as Stretch, runs[at] ?? []);
  const scrolls = longLines === "scroll";
  return html`<div class="diff-lines ${longLines}" role="group" tabindex=${scrolls ? 0 : nothing} aria-label=${hunkName(hunk)}>
    <div class="diff-table">${hunk.lines.map((_, at) => line(at))}</div>
  </div>`;
}

export function hunkName({ from, to }: Hunk): string {
  return from === to ? t("line", { from }) : t("lines", { from, to });
}

function lineView({ sign, number }: DiffLine, stretch: Stretch, runs: readonly CodeRun[]): TemplateResult {
  const kind = sign === "+" ? "added" : sign === "-" ? "removed" : "context";
  const { before, after, words } = stretch;
  const indent = before > 0 ? 0 : (/^[ \t]*/.exec(stretch.text)?.[0].length ?? 0);
  const parts = cutRuns(runs, { from: 0, to: indent });
  return html`<div class="diff-line ${kind}"><span class="diff-number">${number}</span><span class="diff-sign"
      >${sign === " " ? "" : sign}</span><span class="diff-indent">${marked([{ text: parts.within, style: "" }], clipped(words, 0, indent))}</span
      ><span class="diff-code">${leftOut(before)}${marked(parts.after, clipped(words, indent, stretch.text.length))}${leftOut(after)}</span></div>`;
}

/** The range within a part of the line; undefined where it has none of it. */
function clipped(range: Range | undefined, from: number, to: number): Range | undefined {
  if (!range) return undefined;
  const part = { from: Math.max(range.from, from) - from, to: Math.min(range.to, to) - from };
  return part.to > part.from ? part : undefined;
}

/** Says that a line has more than is shown, in a way that no code can look like. */
function leftOut(count: number): unknown {
  return count === 0 ? nothing : html`<span class="left-out">${t("moreCharacters", { count })}</span>`;
}

/** Old and new side are coloured apart, since each is code of its own. */
function runsOf(hunk: Hunk, stretches: readonly Stretch[], language: string): CodeRun[][] {
  const side = (skipped: "+" | "-") => stretches.filter((_, at) => hunk.lines[at]?.sign !== skipped);
  const coloured = (shown: readonly Stretch[]) => highlight(shown.map(({ text }) => text).join("\n"), language);
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
