import DOMPurify from "dompurify";
import { Marked, type Token, type Tokens } from "marked";
import { codeBlock } from "../code/block.ts";
import { codeTarget, type LinkTarget, linkTarget, textTargets } from "./links.ts";

const ALLOWED_TAGS =
  "p ul ol li h1 h2 h3 h4 h5 h6 pre code em strong del blockquote table thead tbody tr th td hr br a span input".split(
    " ",
  );
const ALLOWED_ATTR =
  "class role tabindex title start align type checked disabled data-path data-line data-column data-url data-language".split(
    " ",
  );

const marked = new Marked({ gfm: true });
marked.use({
  renderer: {
    /** Markup in a message is text. */
    html: ({ text, block }: Tokens.HTML | Tokens.Tag) =>
      block ? `<p class="markup">${escaped(text.trim())}</p>` : escaped(text),
    image: ({ text, href }: Tokens.Image) => escaped(text || href),
    link({ href, tokens }: Tokens.Link) {
      const words = this.parser.parseInline(tokens);
      const target = linkTarget(href);
      return target ? linkHtml(target, words) : words;
    },
    codespan({ text }: Tokens.Codespan) {
      const target = codeTarget(text);
      return target ? linkHtml(target, `<code>${escaped(text)}</code>`) : `<code>${escaped(text)}</code>`;
    },
    code: ({ text, lang }: Tokens.Code) =>
      `<pre data-language="${escaped(lang?.match(/^[\w+#.-]+/)?.[0] ?? "")}"><code>${escaped(text)}</code></pre>`,
  },
});

export function blocksOf(text: string): Token[] {
  return marked.lexer(text);
}

/** Markdown as nodes that are safe to show: no markup of its own, no pictures, links that only this panel's click handler follows. */
export function renderMarkdown(source: string | Token[]): DocumentFragment {
  const tokens = typeof source === "string" ? marked.lexer(source) : source;
  const fragment = DOMPurify.sanitize(marked.parser(tokens), {
    ALLOWED_TAGS,
    ALLOWED_ATTR,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const pre of fragment.querySelectorAll("pre")) {
    pre.replaceWith(codeBlock(pre.textContent ?? "", pre.dataset.language ?? ""));
  }
  for (const box of fragment.querySelectorAll("input")) box.replaceWith(checkmark(box));
  for (const table of fragment.querySelectorAll("table")) wrapTable(table);
  linkText(fragment);
  return fragment;
}

function linkHtml(target: LinkTarget, words: string): string {
  const place =
    target.kind === "web"
      ? `data-url="${escaped(target.url)}" title="${escaped(target.url)}"`
      : `data-path="${escaped(target.path)}" title="${escaped(target.path)}"${numberAttr("line", target.line)}${numberAttr("column", target.column)}`;
  return `<a class="link" role="link" tabindex="0" ${place}>${words}</a>`;
}

function numberAttr(name: string, value: number | undefined): string {
  return value === undefined ? "" : ` data-${name}="${value}"`;
}

/** A tick is a picture with a name, not a control that cannot be used. */
function checkmark(box: HTMLInputElement): HTMLElement {
  const checked = box.hasAttribute("checked");
  const mark = document.createElement("span");
  mark.className = `codicon codicon-${checked ? "pass" : "circle-large-outline"} task-mark`;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", checked ? "done" : "open");
  return mark;
}

/** A wide table scrolls by itself. */
function wrapTable(table: HTMLTableElement): void {
  const scroller = document.createElement("div");
  scroller.className = "table-scroll";
  scroller.tabIndex = 0;
  table.replaceWith(scroller);
  scroller.append(table);
}

/** Makes links of the files with a line that running text names. */
function linkText(fragment: DocumentFragment): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const targets = textTargets(text.data);
    if (targets.length > 0 && !text.parentElement?.closest("a, code, pre")) linkNode(text, targets);
  }
}

function linkNode(text: Text, targets: ReturnType<typeof textTargets>): void {
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const { from: start, to, target } of targets) {
    parts.push(text.data.slice(from, start), linkElement(target, text.data.slice(start, to)));
    from = to;
  }
  text.replaceWith(...parts, text.data.slice(from));
}

function linkElement(target: LinkTarget, words: string): HTMLElement {
  const link = document.createElement("a");
  link.className = "link";
  link.setAttribute("role", "link");
  link.tabIndex = 0;
  link.textContent = words;
  if (target.kind === "web") link.dataset.url = target.url;
  else {
    link.dataset.path = target.path;
    link.title = target.path;
    if (target.line !== undefined) link.dataset.line = String(target.line);
    if (target.column !== undefined) link.dataset.column = String(target.column);
  }
  return link;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
