import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Rule } from "../../src/protocol/rules.ts";
import { act } from "../actions.ts";
import { iconButton, textField } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { newRuleOf } from "../session/rules.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import { ruleText } from "../words/rules.ts";
import type { RuleRow } from "./ruleRow.ts";

/** With more rules than this there is a field that filters them. */
const FEW_RULES = 6;

/** All rules that the user saved: seen, changed, deleted and added here. */
export class RulesView extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    term: { state: true },
    problem: { state: true },
    adding: { state: true },
    deleted: { state: true },
  };
  declare session: PanelSession;
  declare term: string;
  declare problem: string;
  declare adding: boolean;
  /** The rule that was deleted last and can be had back. */
  declare deleted: Rule | undefined;

  constructor() {
    super();
    this.term = "";
    this.problem = "";
    this.adding = false;
    this.deleted = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#onKey);
    void this.load();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-testid=back]")?.focus());
  }

  async load(): Promise<void> {
    try {
      await this.session.rules.load();
      this.problem = "";
    } catch (error) {
      this.problem = t("rulesUnread", { text: messageOf(error) });
    }
  }

  protected override render(): unknown {
    const all = this.session.rules.all;
    return html`<header class="header with-back">
        ${iconButton("arrow-left", { label: t("back"), testId: "back", onClick: () => act(this, { kind: "showThread" }) })}
        <h1 class="title-text">${t("rules")}</h1>
        <span class="grow"></span>
        ${iconButton("add", { label: t("addRule"), testId: "add-rule", onClick: this.#add })}
      </header>
      <main class="history rules" data-testid="rules">
        ${all && all.length > FEW_RULES ? this.#search(this.#found(all).length) : nothing}
        ${this.adding ? this.#form() : nothing}
        ${this.problem ? this.#failed() : nothing}
        ${all?.length === 0 && !this.adding ? empty() : nothing}
        ${all && all.length > 0 ? this.#groups(this.#found(all)) : nothing}
      </main>
      ${this.deleted ? this.#undo(this.deleted) : nothing}`;
  }

  #search(count: number): TemplateResult {
    const onInput = (term: string) => {
      this.term = term;
    };
    const note = this.term.trim() ? t("ruleCount", { count }) : "";
    return html`<div class="history-search">${textField({ label: t("searchRules"), value: this.term, testId: "search-rules", glyph: "search", note, onInput })}</div>`;
  }

  #found(all: readonly Rule[]): Rule[] {
    const term = this.term.trim().toLowerCase();
    return all.filter((rule) => ruleText(rule).toLowerCase().includes(term));
  }

  #form(): TemplateResult {
    const done = () => {
      this.adding = false;
      this.querySelector<HTMLElement>("[data-testid=add-rule]")?.focus();
    };
    return html`<pw-rule-form .session=${this.session} .done=${done}></pw-rule-form>`;
  }

  #failed(): TemplateResult {
    return html`<p class="history-empty" role="alert" data-testid="rules-problem">${this.problem}
      <button class="link-button" data-testid="rules-again" @click=${() => this.load()}>${t("tryAgain")}</button></p>`;
  }

  /** Those of this workspace, those that hold everywhere, and those of other folders. */
  #groups(rules: Rule[]): unknown {
    if (rules.length === 0)
      return html`<p class="history-empty" role="status">${t("noRulesFound", { term: this.term.trim() })}</p>`;
    const roots = this.session.editor?.workspaceRoots ?? [];
    const isHere = ({ workspace }: Rule) => workspace !== undefined && roots.includes(workspace);
    const elsewhere = Map.groupBy(
      rules.filter((rule) => rule.workspace !== undefined && !isHere(rule)),
      ({ workspace = "" }) => workspace,
    );
    return [
      this.#group(t("rulesHere"), rules.filter(isHere)),
      this.#group(
        t("rulesEverywhere"),
        rules.filter(({ workspace }) => workspace === undefined),
      ),
      ...[...elsewhere].map(([folder, some]) => this.#group(t("rulesOf", { name: folder }), some)),
    ];
  }

  #group(title: string, rules: Rule[]): unknown {
    if (rules.length === 0) return nothing;
    return html`<section class="history-group" data-testid="rule-group">
      <h2>${title}</h2>
      <ul>
        ${repeat(
          rules,
          ({ id }) => id,
          (rule) => html`<li><pw-rule-row .session=${this.session} .rule=${rule} .term=${this.term.trim()}
            .onDeleted=${this.#wasDeleted}></pw-rule-row></li>`,
        )}
      </ul>
    </section>`;
  }

  #undo(rule: Rule): TemplateResult {
    const undo = () => {
      this.deleted = undefined;
      this.session.rules.write(newRuleOf(rule)).catch((error) => {
        this.problem = t("ruleFailed", { text: messageOf(error) });
      });
    };
    const close = () => {
      this.deleted = undefined;
    };
    return html`<div class="rule-deleted" role="status" data-testid="rule-deleted">
      <span class="ellipsis">${t("ruleDeleted")} <span class="mono">${ruleText(rule)}</span></span>
      <button class="link-button" data-testid="undo-delete" @click=${undo}>${t("undoDelete")}</button>
      <button class="icon-button" title=${t("close")} aria-label=${t("close")} @click=${close}>${icon("close")}</button>
    </div>`;
  }

  #wasDeleted = (rule: Rule): void => {
    this.deleted = rule;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-testid=undo-delete]")?.focus());
  };

  #add = (): void => {
    this.adding = true;
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...this.querySelectorAll<RuleRow>("pw-rule-row")];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (rows[at]?.editing || document.activeElement?.closest("pw-rule-form")) return;
    const next = rows[event.key === "ArrowDown" ? at + 1 : at - 1];
    if (next) next.focusRow();
    else if (event.key === "ArrowUp") this.querySelector<HTMLElement>("[data-testid=search-rules]")?.focus();
    event.preventDefault();
  };
}
customElements.define("pw-rules", RulesView);

function empty(): TemplateResult {
  return html`<div class="rules-empty" role="status" data-testid="no-rules">
    ${icon("law")}
    <p>${t("noRules")}</p>
    <p class="muted">${t("noRulesText")}</p>
  </div>`;
}
