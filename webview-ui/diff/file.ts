import { html, nothing, type TemplateResult } from "lit";
import type { FileUpdateChange } from "../../src/protocol/items.ts";
import { fileIcon, icon } from "../icons.ts";
import { t } from "../strings.ts";
import { lastFolder, pathParts, relativePath } from "../words/paths.ts";
import { type FileDiff, type Hunk, parseChange } from "./parse.ts";
import { counts, hunkName, hunkView, type LongLines } from "./view.ts";

/** What is shown of a diff before the user asks for more. */
const SHOWN_HUNKS = 2;
const SHOWN_LINES = 16;
/** More lines than this are left to the editor's diff. */
const MOST_LINES = 1500;

/** What is shown of a line that scrolls, and of one that wraps, which takes room: at first, and when all is asked for. */
const MOST_IN_LINE = { scroll: { some: 2000, whole: 2000 }, wrap: { some: 320, whole: 10_000 } } as const;

interface Known {
  change: FileUpdateChange;
  diff: FileDiff;
  views: Map<Hunk, { most: number; view: TemplateResult }>;
}

/** The parsed diffs and rendered hunks of a row, kept as long as a change stays the same. */
export class FileDiffs {
  readonly #known = new Map<string, Known>();
  readonly #longLines: LongLines;

  constructor(longLines: LongLines) {
    this.#longLines = longLines;
  }

  of(change: FileUpdateChange): FileDiff {
    return this.#entry(change).diff;
  }

  counts(change: FileUpdateChange): TemplateResult {
    const { added, removed } = this.of(change);
    return counts(added, removed);
  }

  view(change: FileUpdateChange, hunk: Hunk, extent: Extent): TemplateResult {
    const { views } = this.#entry(change);
    const most = MOST_IN_LINE[this.#longLines][extent];
    const known = views.get(hunk);
    if (known?.most === most) return known.view;
    const view = hunkView(hunk, { path: change.path, longLines: this.#longLines, most });
    views.set(hunk, { most, view });
    return view;
  }

  /** Whether of some line less is shown than can be. */
  cutsLines(hunk: Hunk): boolean {
    const { some, whole } = MOST_IN_LINE[this.#longLines];
    return some < whole && hunk.lines.some(({ text }) => text.length > some);
  }

  #entry(change: FileUpdateChange): Known {
    const known = this.#known.get(change.path);
    if (known && (known.change === change || known.change.diff === change.diff)) return known;
    const entry: Known = { change, diff: parseChange(change), views: new Map() };
    this.#known.set(change.path, entry);
    return entry;
  }
}

/** Whether all of a file is shown, or a few hunks with a few lines. */
export type Extent = "some" | "whole";

/** Where the file is once the change is made. */
export function pathAfter({ path, kind }: FileUpdateChange): string {
  return kind.type === "update" && kind.move_path ? kind.move_path : path;
}

/** Icon, name in bold, folder, and what happens to the file as a whole. */
export function fileHead(change: FileUpdateChange, roots: readonly string[]): TemplateResult {
  const moved = change.kind.type === "update" && change.kind.move_path ? change.kind.move_path : undefined;
  const { name, folder } = pathParts(moved ?? change.path, roots);
  const note = moved ? t("movedFrom", { path: relativePath(change.path, roots) }) : kindNote(change);
  return html`${icon(fileIcon(name))}<span class="file-where"><span class="file-name">${name}</span>
    <span class="file-folder ellipsis" title=${change.path}><span class="folder-whole">${folder}</span><span
        class="folder-last">${lastFolder(folder)}</span></span></span>${note ? html`<span class="file-note">${note}</span>` : nothing}`;
}

export interface BodyOptions {
  extent: Extent;
  /** Called when the user asks for the rest. */
  more(): void;
  /** What stands on the bar above a hunk beside its lines' numbers; `nothing` for a hunk without any. */
  tools?: ((hunk: Hunk) => unknown) | undefined;
  /** What stands there instead of the numbers. */
  label?: ((hunk: Hunk) => unknown) | undefined;
}

/** The hunks of a file, with a bar above each. */
export function fileBody(
  diffs: FileDiffs,
  change: FileUpdateChange,
  { extent, more, tools, label }: BodyOptions,
): TemplateResult {
  const { hunks } = diffs.of(change);
  if (hunks.length === 0) return html`<div class="no-diff">${t("noDiff")}</div>`;
  const whole = extent === "whole";
  const shown = whole ? cut(hunks, Number.POSITIVE_INFINITY, MOST_LINES) : cut(hunks, SHOWN_HUNKS, SHOWN_LINES);
  const cutsLines = shown.some(({ hunk }) => diffs.cutsLines(hunk));
  const bars = hunks.length > 1 || change.kind.type === "update" || tools !== undefined || label !== undefined;
  return html`${shown.map(
    ({ hunk, original }) => html`<div class="hunk">
      ${bars ? html`<div class="hunk-bar">${label?.(original) ?? hunkName(original)}${tools?.(original) ?? nothing}</div>` : nothing}${diffs.view(change, hunk, extent)}
    </div>`,
  )}${whole ? beyond(hunks, shown) : rest(hunks, shown, { cutsLines, more })}`;
}

interface Shown {
  hunk: Hunk;
  /** The hunk that it is the beginning of; itself when nothing is cut. */
  original: Hunk;
}

const beginnings = new WeakMap<Hunk, Hunk>();

function cut(hunks: readonly Hunk[], mostHunks: number, mostLines: number): Shown[] {
  const shown: Shown[] = [];
  let left = mostLines;
  for (const original of hunks.slice(0, mostHunks)) {
    if (left <= 0) break;
    shown.push({ hunk: original.lines.length > left ? beginning(original, left) : original, original });
    left -= original.lines.length;
  }
  return shown;
}

/** The same object for the same hunk, so that what is rendered of it is kept. */
function beginning(hunk: Hunk, lines: number): Hunk {
  const known = beginnings.get(hunk);
  if (known?.lines.length === lines) return known;
  const part = { ...hunk, lines: hunk.lines.slice(0, lines) };
  beginnings.set(hunk, part);
  return part;
}

interface Rest {
  cutsLines: boolean;
  more(): void;
}

function rest(hunks: readonly Hunk[], shown: readonly Shown[], { cutsLines, more }: Rest): unknown {
  const hunksLeft = hunks.length - shown.length;
  const linesLeft = shown.reduce((sum, { hunk, original }) => sum + original.lines.length - hunk.lines.length, 0);
  if (hunksLeft === 0 && linesLeft === 0 && !cutsLines) return nothing;
  const moreHunks = hunksLeft > 0 ? t("moreHunks", { count: hunksLeft }) : t("wholeLines");
  const words = linesLeft > 0 ? t("moreDiffLines", { count: linesLeft }) : moreHunks;
  return html`<button class="fold-line diff-more" data-testid="diff-more" @click=${more}>${icon("unfold")}${words}</button>`;
}

/** What even the whole preview leaves out. */
function beyond(hunks: readonly Hunk[], shown: readonly Shown[]): unknown {
  const count = (parts: readonly Hunk[]) => parts.reduce((sum, { lines }) => sum + lines.length, 0);
  const left = count(hunks) - count(shown.map(({ hunk }) => hunk));
  return left === 0 ? nothing : html`<div class="no-diff">${t("restInDiff", { count: left })}</div>`;
}

function kindNote(change: FileUpdateChange): string {
  if (change.kind.type === "add") return t("newFile");
  return change.kind.type === "delete" ? t("deletedFile") : "";
}
