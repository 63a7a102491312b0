import { t } from "../strings.ts";
import { frame } from "./block.ts";

/** The lines that stay in sight while code is still being written. */
const SHOWN_LINES = 300;
/** Trimming happens in steps, not with each line. */
const SLACK_LINES = 100;

/** A block of code that is still being written: text is appended, nothing is parsed or coloured. */
export class LiveCode {
  readonly element: HTMLElement;
  readonly #text = document.createTextNode("");
  readonly #note = document.createElement("span");
  #lines = 0;
  #cut = 0;

  constructor(language: string) {
    this.element = frame(language);
    this.element.querySelector("code")?.append(this.#text);
    this.#note.className = "code-note";
    this.element.firstElementChild?.append(this.#note);
  }

  /** Adds whole lines. */
  append(lines: string): void {
    if (lines === "") return;
    this.#text.appendData(lines);
    for (let at = lines.indexOf("\n"); at >= 0; at = lines.indexOf("\n", at + 1)) this.#lines++;
    if (this.#lines > SHOWN_LINES + SLACK_LINES) this.#trim();
  }

  #trim(): void {
    const kept = this.#text.data.split("\n").slice(-SHOWN_LINES - 1);
    this.#text.data = kept.join("\n");
    this.#cut += this.#lines - SHOWN_LINES;
    this.#lines = SHOWN_LINES;
    this.#note.textContent = t("earlierCode", { count: this.#cut });
  }
}
