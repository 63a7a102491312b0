import { html, nothing, type TemplateResult } from "lit";
import type { SentEntry, SentLayer } from "../../src/protocol/sentContext.ts";
import { fileIcon, icon } from "../icons.ts";
import { chevron } from "../rows/row.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { pathParts } from "../words/paths.ts";
import { groupOf, layerNames, size } from "../words/sent.ts";
import { tokens } from "../words/tokens.ts";

export interface LayerOptions {
  /** The tokens of the largest layer: the length of a full bar. */
  readonly most: number;
  readonly roots: readonly string[];
  readonly isOpen: boolean;
  toggle(): void;
  /** Reads what is left out here. */
  showAll(): void;
}

/** One layer: a row with its tokens, which opens to its texts. */
export function layerView(layer: SentLayer, options: LayerOptions): TemplateResult {
  const { kind } = layer;
  const name = t(layerNames[kind]);
  const used = tokens(layer.tokens);
  const id = `sent-${kind}`;
  return html`<div class="sent-layer ${options.isOpen ? "open" : ""}" data-testid="sent-layer" data-layer=${kind}>
    <button class="sent-row" aria-expanded=${String(options.isOpen)} aria-controls=${id} data-testid="sent-row"
      @click=${options.toggle}>
      ${chevron(options.isOpen ? "open" : "closed")}<span class="sent-swatch ${groupOf(kind)}"></span>
      <span class="sent-name ellipsis">${name} <span class="sent-detail">${detailOf(layer, options.roots)}</span></span>
      ${shareBar(layer, options.most)}
      <span class="sent-tokens">${used} <span class="visually-hidden">${t("sentUnit")}</span></span>
    </button>
    <div id=${id} ?hidden=${!options.isOpen}>${options.isOpen ? texts(layer, options) : nothing}</div>
  </div>`;
}

/** The files that a layer came from, else how many entries it has. */
function detailOf({ entries, count }: SentLayer, roots: readonly string[]): unknown {
  const names = new Set(entries.flatMap(({ path }) => (path ? [pathParts(path, roots).name] : [])));
  if (names.size > 0) return [...names].join(", ");
  return count > 1 ? html`${count} <span class="visually-hidden">${t("sentEntries")}</span>` : "";
}

function shareBar({ kind, tokens: own }: SentLayer, most: number): TemplateResult {
  const width = own === 0 ? 0 : Math.max(2, Math.round((own / most) * 64));
  return html`<svg class="sent-share" width="64" height="6" aria-hidden="true">
    <rect class="sent-track" width="64" height="6"></rect>
    <rect class="sent-part ${groupOf(kind)}" width=${width} height="6"></rect>
  </svg>`;
}

function texts(layer: SentLayer, options: LayerOptions): TemplateResult {
  const hidden = layer.count - layer.entries.length;
  const isCut = hidden > 0 || layer.entries.some(({ text, length }) => text.length < length);
  return html`<div class="sent-texts">
    ${layer.role ? html`<p class="sent-role">${t("sentAs", { role: layer.role })}</p>` : nothing}
    ${layer.entries.map((entry) => entryView(entry, options.roots))}
    ${
      isCut
        ? html`<p class="sent-rest">
          ${hidden > 0 ? html`<span>${t("sentMoreEntries", { count: hidden })}</span>` : nothing}
          <button class="link-button" data-testid="sent-all" @click=${options.showAll}>${t("sentWhole")}</button>
        </p>`
        : nothing
    }
  </div>`;
}

function entryView(entry: SentEntry, roots: readonly string[]): TemplateResult {
  const { text, length, sealed } = entry;
  const left = length - text.length;
  return html`<article class="sent-entry" data-testid="sent-entry">
    ${headingOf(entry, roots)}
    ${text ? html`<div class="sent-text" data-testid="sent-text">${shownText(text)}</div>` : nothing}
    ${left > 0 ? html`<p class="sent-more">${t("sentMore", { count: left })}</p>` : nothing}
    ${sealed ? html`<p class="sent-sealed">${icon(sealed.kind === "picture" ? "file-media" : "lock")}${sealedWords(sealed)}</p>` : nothing}
    ${text === "" && !sealed ? html`<p class="sent-more">${t("sentEmpty")}</p>` : nothing}
  </article>`;
}

function headingOf({ title, path }: SentEntry, roots: readonly string[]): unknown {
  if (path) {
    const { name, folder } = pathParts(path, roots);
    return html`<button class="sent-source" data-path=${path} title=${t("openFile", { name: path })} data-testid="sent-source">
      ${icon(fileIcon(path))}<span class="ellipsis">${name} <span class="sent-detail">${folder}</span></span>${icon("go-to-file")}
    </button>`;
  }
  return title ? html`<h3 class="sent-title">${shownText(title)}</h3>` : nothing;
}

function sealedWords({ kind, bytes }: NonNullable<SentEntry["sealed"]>): string {
  if (kind === "encrypted") return t("sentSealed", { size: size(bytes) });
  return bytes > 0 ? t("sentPicture", { size: size(bytes) }) : t("sentPictureLink");
}
