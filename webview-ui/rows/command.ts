import { html, nothing, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { icon, spinner, stopSquare } from "../icons.ts";
import { type Fold, opposite } from "../session/folds.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { outputRuns } from "../words/ansi.ts";
import { commandMeta } from "../words/commands.ts";
import { relativePath } from "../words/paths.ts";
import { OutputTail } from "../words/tail.ts";
import { declinedNote, describedBy } from "./declined.ts";
import { chevron, RowElement } from "./row.ts";
import type { CommandState } from "./states.ts";

/** Open output shows this many rows, the line that counts the earlier ones included. */
const FOLDED_ROWS = 4;
/** More is not put on the page; the terminal has it all. */
const MOST_ROWS = 1000;
const MOST_CHARACTERS = 4000;
/** No panel is wide enough for more. */
const MOST_IN_LINE = 400;

const glyphs: Record<CommandState, TemplateResult> = {
  waiting: icon("clockface"),
  running: spinner(),
  passed: icon("check", "good"),
  failed: icon("error", "bad"),
  stopped: icon("circle-slash"),
  denied: icon("circle-slash"),
};

/** A command with its output: open while it runs, folded to a line once the agent moved on. */
export class CommandRow extends RowElement<"command"> {
  readonly #tail = new OutputTail();
  #allLines = false;

  protected override content(): unknown {
    const { state, movedOn } = this.row;
    const isNews = state === "running" || ((state === "passed" || state === "failed") && !movedOn);
    const fold = this.fold(isNews ? "open" : "closed");
    return movedOn && fold === "closed" ? this.#line() : this.#card(fold);
  }

  #line(): TemplateResult {
    return html`<button class="activity" aria-expanded="false" aria-describedby=${describedBy(this.row.item)} data-row
      data-testid="command" @click=${() => this.choose("open")}>
      ${glyphs[this.row.state]}<span class="label mono ellipsis">${this.#firstLine()}</span>${chevron("closed")}${this.#outside()}${this.#meta()}
    </button>${declinedNote(this, this.row.item)}${this.#quarantined()}`;
  }

  #card(fold: Fold): TemplateResult {
    return html`<section class="card command ${this.row.state}" data-testid="command">
      <button class="card-header" aria-expanded=${fold === "open"} aria-describedby=${describedBy(this.row.item)} data-row @click=${() => this.choose(opposite[fold])}>
        ${glyphs[this.row.state]}<span class="command-text mono ellipsis">${this.#firstLine()}</span>
        ${this.#outside()}${this.#meta()}${chevron(fold)}
      </button>
      ${declinedNote(this, this.row.item)}
      ${fold === "open" ? html`<div class="card-body">${this.#whole()}${this.#output()}${this.#footer()}</div>` : nothing}
    </section>${this.#quarantined()}`;
  }

  /** Said of a command that ran with all the user's rights; that others are confined goes without saying. */
  #outside(): unknown {
    if (!this.row.item.unconfined) return nothing;
    const words = t("ranOutside");
    return html`<span class="ran-outside" title=${words} data-testid="ran-outside">${icon("workspace-unknown", "warn")}<span class="meta">${words}</span></span>`;
  }

  /** What the sandbox moved away, since it would have been obeyed. */
  #quarantined(): unknown {
    const files = this.row.item.quarantined ?? [];
    if (files.length === 0) return nothing;
    return html`<div class="quarantined" role="note" data-testid="quarantined">
      ${icon("warning", "warn")}
      <div>
        <p>${t("quarantined", { count: files.length })}</p>
        <ul>${files.map(({ path, movedTo }) => this.#quarantinedFile(path, movedTo))}</ul>
      </div>
    </div>`;
  }

  #quarantinedFile(path: string, movedTo: string): TemplateResult {
    return html`<li><span class="mono">${shownText(relativePath(path, this.context.roots()))}</span>,
      ${t("quarantinedTo", { path: "" })}<a class="link mono" role="link" tabindex="0" data-path=${movedTo}>${shownText(movedTo)}</a></li>`;
  }

  #firstLine(): unknown {
    const line = this.row.item.command.trimStart().slice(0, MOST_IN_LINE).split("\n")[0] ?? "";
    return shownText(line.trimEnd());
  }

  /** A command that does not fit the header is shown in full below it. */
  #whole(): unknown {
    const { command } = this.row.item;
    if (!command.trim().includes("\n") && command.length < 48) return nothing;
    const shown = command.trim();
    const isLong = shown.length > MOST_CHARACTERS;
    return html`<pre class="command-whole" tabindex="0">${shownText(shown.slice(0, MOST_CHARACTERS))}${isLong ? "…" : nothing}</pre>`;
  }

  #meta(): TemplateResult {
    const { item, state } = this.row;
    const runs = state === "running" && item.startedAtMs;
    return html`<span class="meta">${
      runs ? html`<pw-elapsed .since=${item.startedAtMs}></pw-elapsed>` : commandMeta(item, state)
    }</span>`;
  }

  #output(): unknown {
    const text = this.row.item.aggregatedOutput ?? "";
    const limit = this.#allLines ? MOST_ROWS : FOLDED_ROWS;
    const { total, lines } = this.#tail.read(text, limit);
    const { state } = this.row;
    if (total === 0)
      return state === "running"
        ? nothing
        : html`<div class="output no-output">${t(state === "denied" ? "notRun" : "noOutput")}</div>`;
    const shown = total > limit && !this.#allLines ? lines.slice(1) : lines;
    return html`<div class="output" data-testid="output">
      ${this.#foldLine(total, shown.length)}
      <pre tabindex="0">${shown.map((line, at) => {
        const unfinished = this.row.state === "running" && at === shown.length - 1 && !text.endsWith("\n");
        return html`<span class="output-line ${unfinished ? "muted" : ""}">${outputRuns(line.slice(0, MOST_CHARACTERS)).map(outputRun)}</span>`;
      })}</pre>
    </div>`;
  }

  #foldLine(total: number, shown: number): unknown {
    if (total <= FOLDED_ROWS) return nothing;
    const words = this.#allLines && total <= MOST_ROWS ? t("fewerLines") : t("earlierLines", { count: total - shown });
    return html`<button class="fold-line" aria-expanded=${this.#allLines} data-testid="output-fold" @click=${this.#unfold}>${words}</button>`;
  }

  #unfold = (): void => {
    this.context.hold();
    this.#allLines = !this.#allLines;
    this.requestUpdate();
  };

  #footer(): TemplateResult {
    const { item, state } = this.row;
    const where = relativePath(item.cwd, this.context.roots());
    const cwd = where === "." ? this.context.workspaceName() || item.cwd : where;
    return html`<div class="card-footer">
      ${icon("folder")}<span class="mono ellipsis cwd" title=${item.cwd}>${cwd}</span>
      ${
        state === "denied"
          ? nothing
          : html`<button class="text-button" data-testid="show-terminal" @click=${() => act(this, { kind: "showTerminal", itemId: item.id })}>
              ${t("showInTerminal")}
            </button>`
      }
      ${
        state === "running"
          ? html`<button class="text-button" data-testid="stop-command" @click=${() => act(this, { kind: "stopTurn" })}>
              ${stopSquare()}${t("stop")}
            </button>`
          : nothing
      }
    </div>`;
  }
}
customElements.define("pw-command", CommandRow);

function outputRun({ text, style }: { text: string; style: string }): unknown {
  return style === "" ? text : html`<span class=${style.replace(/\w+/g, "ansi-$&")}>${text}</span>`;
}
