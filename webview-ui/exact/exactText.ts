import { t } from "../strings.ts";
import { size } from "../words/bytes.ts";
import { boxWords, segments } from "../words/hidden.ts";
import { lineCount, type Piece, piecesOf, tailOf } from "./pieces.ts";

/** A longer text is folded to so many rows of its beginning, and the last one. */
const HEAD_ROWS = 3;
/** What the fold takes itself, with the end of the text: it must spare more than that. */
const FOLD_ROWS = 2;
const TAIL_CHARACTERS = 300;
/** How long a frame may be taken up by drawing. */
const BUDGET_MS = 6;

/** The name of the event that says that more or less of the text is shown now. */
export const EXACT_CHANGED = "pw-exact-changed";

/** "unread": all of it is drawn, and its end has not been scrolled to. */
type State = "unmeasured" | "folded" | "drawing" | "unread" | "whole";

/**
 * A text that is decided about: every character visible, wrapped, never cut. A long one is folded, with its end in sight, until the user asks
 * for all of it. Then it is drawn piece by piece, in a box that scrolls when it is longer than the panel.
 */
export class ExactText extends HTMLElement {
  #state: State = "unmeasured";
  #text = "";
  #pieces: Piece[] = [];
  #drawn = 0;
  #frame = 0;
  readonly #lines = document.createElement("div");
  readonly #watch = new ResizeObserver(() => this.#measure());

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    if (text === this.#text && this.#pieces.length > 0) return;
    this.#text = text;
    this.#pieces = piecesOf(text);
    this.#begin();
  }

  /** True when no part of the text is out of sight, or all of it was in sight. */
  get allShown(): boolean {
    return this.#state === "whole";
  }

  /** What is left to do before all of it was shown; empty when it was. */
  get remains(): "" | "unfold" | "wait" | "scroll" {
    const left = { unmeasured: "wait", folded: "unfold", drawing: "wait", unread: "scroll", whole: "" } as const;
    return left[this.#state];
  }

  get lineCount(): number {
    return lineCount(this.#text);
  }

  connectedCallback(): void {
    this.#lines.className = "command-lines";
    this.#lines.addEventListener("scroll", this.#onScroll);
    this.#watch.observe(this);
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#watch.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #begin(): void {
    if (!this.isConnected) return;
    cancelAnimationFrame(this.#frame);
    this.#lines.replaceChildren();
    this.#lines.removeAttribute("tabindex");
    this.replaceChildren(this.#lines);
    this.classList.remove("open");
    this.classList.add("folded");
    this.#drawn = 0;
    this.#draw();
    this.#set("unmeasured");
    this.#measure();
  }

  /** Waits for a layout when the panel has none yet. */
  #measure(): void {
    if (this.#state !== "unmeasured" || this.#lines.clientHeight === 0) return;
    const row = Number.parseFloat(getComputedStyle(this.#lines).lineHeight);
    const isLong = this.#pieces.length > 1 || this.#lines.scrollHeight > (HEAD_ROWS + FOLD_ROWS) * row + 1;
    if (isLong) this.#fold(row);
    else this.classList.remove("folded");
    this.#set(isLong ? "folded" : "whole");
  }

  #fold(row: number): void {
    const bottom = this.#lines.getBoundingClientRect().top + HEAD_ROWS * row + 1;
    const shown = [...this.querySelectorAll(".command-line")].filter(
      (line) => line.getBoundingClientRect().bottom <= bottom,
    );
    const hidden = this.lineCount - shown.length - 1;
    const tail = document.createElement("div");
    tail.className = "command-tail";
    tail.append(lineElement(tailOf(this.#text, TAIL_CHARACTERS)));
    const words = hidden > 0 ? t("moreLines", { count: hidden }) : t("wholeLine", { size: size(this.#text.length) });
    this.append(this.#foldButton(words), tail);
  }

  #foldButton(words: string): HTMLElement {
    const button = document.createElement("button");
    button.className = "fold-line";
    button.dataset.testid = "show-all-lines";
    const glyph = document.createElement("span");
    glyph.className = "codicon codicon-unfold";
    glyph.ariaHidden = "true";
    button.append(glyph, words);
    button.addEventListener("click", () => this.#unfold());
    return button;
  }

  #unfold(): void {
    const hadFocus = this.contains(document.activeElement);
    this.replaceChildren(this.#lines);
    this.classList.replace("folded", "open");
    this.#lines.tabIndex = 0;
    if (hadFocus) this.#lines.focus();
    this.#set("drawing");
    this.#drawMore();
  }

  #drawMore = (): void => {
    const until = performance.now() + BUDGET_MS;
    do this.#draw();
    while (this.#drawn < this.#pieces.length && performance.now() < until);
    if (this.#drawn < this.#pieces.length) this.#frame = requestAnimationFrame(this.#drawMore);
    else this.#frame = requestAnimationFrame(() => this.#allDrawn());
  };

  #allDrawn(): void {
    this.#set("unread");
    this.#onScroll();
  }

  #onScroll = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = this.#lines;
    if (this.#state === "unread" && scrollTop + clientHeight >= scrollHeight - 2) this.#set("whole");
  };

  #draw(): void {
    const piece = this.#pieces[this.#drawn];
    if (!piece) return;
    this.#drawn++;
    const element = document.createElement("div");
    element.className = "command-piece";
    element.append(...piece.lines.map(lineElement));
    this.#lines.append(element);
  }

  #set(state: State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new Event(EXACT_CHANGED, { bubbles: true }));
  }
}
customElements.define("pw-exact", ExactText);

/** More boxes than this in a row are drawn as one that names them all: a page of boxes would take seconds. */
const MOST_BOXES = 8;

function lineElement(line: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "command-line";
  let boxes: string[] = [];
  const draw = () => {
    if (boxes.length > MOST_BOXES) element.append(box(boxes.join(" ")));
    else element.append(...boxes.map(box));
    boxes = [];
  };
  for (const segment of segments(line)) {
    if ("box" in segment) boxes.push(boxWords(segment));
    else {
      draw();
      element.append(segment.text);
    }
  }
  draw();
  return element;
}

function box(words: string): HTMLElement {
  const element = document.createElement("span");
  element.className = "hidden-char";
  element.textContent = words;
  return element;
}
