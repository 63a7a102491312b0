import { LiveCode } from "../code/live.ts";
import { blocksOf, renderMarkdown } from "./render.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n`]*)\n/;

interface OpenFence {
  live: LiveCode;
  closing: RegExp;
  /** Where the line begins that is not shown yet: it may become the fence's end. */
  at: number;
}

/**
 * A message that grows. Finished blocks are rendered once and stay; only the last block is rendered again with each update, and
 * inside an open code fence text is only appended.
 */
export class MarkdownStream {
  readonly #root: HTMLElement;
  readonly #tail: HTMLElement;
  #text = "";
  /** Everything before it is rendered for good. */
  #settled = 0;
  #fence: OpenFence | undefined;
  #done = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#tail = document.createElement("div");
    this.#tail.className = "markdown-tail";
    root.replaceChildren(this.#tail);
  }

  /** Shows `text`, which continues the one before; otherwise everything is rendered anew. */
  update(text: string, state: "growing" | "complete"): void {
    if (this.#done && text === this.#text) return;
    if (this.#done || !text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    if (state === "complete") this.#finish();
    else this.#grow();
  }

  #reset(): void {
    this.#root.replaceChildren(this.#tail);
    this.#tail.replaceChildren();
    this.#settled = 0;
    this.#fence = undefined;
    this.#done = false;
  }

  /** What a definition at the end refers to may stand in a settled block: then all is rendered once more. */
  #finish(): void {
    this.#done = true;
    this.#fence = undefined;
    if (/^ {0,3}\[[^\]]+\]:/m.test(this.#text)) {
      this.#settled = 0;
      this.#root.replaceChildren(this.#tail);
    }
    this.#tail.before(renderMarkdown(this.#text.slice(this.#settled)));
    this.#tail.replaceChildren();
    this.#settled = this.#text.length;
  }

  #grow(): void {
    while (this.#fence) if (!this.#growFence(this.#fence)) return;
    const tail = this.#text.slice(this.#settled);
    const blocks = blocksOf(tail);
    const last = blocks.findLastIndex(({ type }) => type !== "space");
    const settled = tail.includes("\r") ? [] : blocks.slice(0, Math.max(0, last));
    if (settled.length > 0) {
      this.#tail.before(renderMarkdown(settled));
      this.#settled += settled.reduce((length, { raw }) => length + raw.length, 0);
    }
    const opening = blocks[last]?.type === "code" && FENCE.exec(this.#text.slice(this.#settled));
    if (opening) this.#openFence(opening);
    else this.#tail.replaceChildren(renderMarkdown(blocks.slice(settled.length)));
  }

  #openFence(opening: RegExpExecArray): void {
    const marker = opening[1] ?? "```";
    const live = new LiveCode(opening[2]?.trim().match(/^[\w+#.-]+/)?.[0] ?? "");
    this.#tail.replaceChildren(live.element);
    this.#fence = {
      live,
      closing: new RegExp(`^ {0,3}${marker[0]}{${marker.length},}[ \\t]*\\n`),
      at: this.#settled + opening[0].length,
    };
    this.#grow();
  }

  /** Appends the whole lines that came; true when the fence has been closed by one of them. */
  #growFence(fence: OpenFence): boolean {
    let at = fence.at;
    for (let end = this.#text.indexOf("\n", at); end >= 0; end = this.#text.indexOf("\n", at)) {
      if (fence.closing.test(this.#text.slice(at, end + 1))) {
        fence.live.append(this.#text.slice(fence.at, at));
        this.#closeFence(end + 1);
        return true;
      }
      at = end + 1;
    }
    fence.live.append(this.#text.slice(fence.at, at));
    fence.at = at;
    return false;
  }

  #closeFence(end: number): void {
    this.#tail.before(renderMarkdown(this.#text.slice(this.#settled, end)));
    this.#tail.replaceChildren();
    this.#settled = end;
    this.#fence = undefined;
  }
}
