import { html, nothing, type TemplateResult } from "lit";
import type { Rule } from "../../src/protocol/rules.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import { marked } from "../words/marked.ts";
import { ruleNote, ruleText } from "../words/rules.ts";

/** One rule. It is changed and deleted in place. */
export class RuleRow extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    rule: { attribute: false },
    term: { attribute: false },
    onDeleted: { attribute: false, hasChanged: () => false },
    editing: { state: true },
    problem: { state: true },
  };
  declare session: PanelSession;
  declare rule: Rule;
  declare term: string;
  declare onDeleted: (rule: Rule) => void;
  declare editing: boolean;
  declare problem: string;

  constructor() {
    super();
    this.term = "";
    this.editing = false;
    this.problem = "";
  }

  focusRow(): void {
    this.querySelector<HTMLElement>(".history-open")?.focus();
  }

  protected override render(): unknown {
    const { rule, session } = this;
    if (this.editing) return html`<pw-rule-form .session=${session} .rule=${rule} .done=${this.#done}></pw-rule-form>`;
    const denies = rule.decision === "deny";
    return html`<div class="history-row rule-row" data-testid="rule-row">
        <button class="history-open" data-testid="rule-open" aria-description=${t("editRule")} @click=${this.#edit} @keydown=${this.#onKey}>
          ${denies ? icon("circle-slash", "bad") : icon("check", "good")}
          <span class="history-words">
            <span class="history-title mono ellipsis" title=${ruleText(rule)}>${this.#subject()}</span>
            <span class="history-note ellipsis">${rule.unconfined ? icon("workspace-unknown", "warn rule-warn") : nothing}${ruleNote(rule, Date.now())}</span>
          </span>
        </button>
        <span class="history-actions">
          ${action("edit", { words: t("editRule"), testId: "edit-rule", run: this.#edit })}
          ${action("trash", { words: t("deleteRule"), testId: "delete-rule", run: () => void this.#delete() })}
        </span>
      </div>
      ${this.problem ? html`<p class="rule-problem" role="alert" data-testid="rule-problem">${icon("error", "bad")}<span>${this.problem}</span></p>` : nothing}`;
  }

  #subject(): unknown {
    return marked(ruleText(this.rule), this.term).map(({ text, hit }) =>
      hit ? html`<mark>${shownText(text)}</mark>` : shownText(text),
    );
  }

  #edit = (): void => {
    this.problem = "";
    this.editing = true;
  };

  #done = (): void => {
    this.editing = false;
    void this.updateComplete.then(() => this.focusRow());
  };

  async #delete(): Promise<void> {
    const { rule, onDeleted } = this;
    try {
      await this.session.rules.remove(rule.id);
      onDeleted(rule);
    } catch (error) {
      this.problem = t("ruleDeleteFailed", { text: messageOf(error) });
    }
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "F2") this.#edit();
    else if (event.key === "Delete") void this.#delete();
    else return;
    event.preventDefault();
  };
}
customElements.define("pw-rule-row", RuleRow);

function action(glyph: string, at: { words: string; testId: string; run(): void }): TemplateResult {
  return html`<button class="icon-button" title=${at.words} aria-label=${at.words} data-testid=${at.testId} @click=${at.run}>${icon(glyph)}</button>`;
}
