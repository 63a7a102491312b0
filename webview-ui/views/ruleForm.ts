import { html, nothing, type TemplateResult } from "lit";
import type { NewRule, Rule } from "../../src/protocol/rules.ts";
import { button, textField } from "../controls.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import { segmentsRow } from "../segments.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { newRuleOf } from "../session/rules.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { typedWords } from "../words/argv.ts";
import { messageOf } from "../words/errors.ts";
import { ruleText } from "../words/rules.ts";

type Kind = NewRule["subject"]["kind"];

/** A rule as it is being written: a new one, or one that is there. */
export class RuleForm extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    rule: { attribute: false },
    done: { attribute: false, hasChanged: () => false },
    kind: { state: true },
    text: { state: true },
    decision: { state: true },
    scope: { state: true },
    unconfined: { state: true },
    problem: { state: true },
    saving: { state: true },
  };
  declare session: PanelSession;
  /** Undefined for a new one. */
  declare rule: Rule | undefined;
  /** Called when it was saved, and when the user leaves it. */
  declare done: () => void;
  declare kind: Kind;
  declare text: string;
  declare decision: NewRule["decision"];
  declare scope: "workspace" | "user";
  declare unconfined: boolean;
  declare problem: string;
  declare saving: boolean;

  constructor() {
    super();
    this.kind = "command";
    this.text = "";
    this.decision = "allow";
    this.scope = "workspace";
    this.unconfined = false;
    this.problem = "";
    this.saving = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { rule } = this;
    if (rule) {
      this.kind = rule.subject.kind;
      this.text = ruleText(rule);
      this.decision = rule.decision;
      this.scope = rule.workspace === undefined ? "user" : "workspace";
      this.unconfined = rule.unconfined ?? false;
    } else if (!this.#folder) this.scope = "user";
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("vscode-text-field")?.focus());
  }

  protected override render(): unknown {
    const isHost = this.kind === "host";
    return html`<section class="rule-form card" role="group" aria-label=${t(this.rule ? "editRule" : "addRule")} data-testid="rule-form" @keydown=${this.#onKey}>
      ${this.rule ? nothing : this.#kinds()}
      <div class="rule-field">
        ${textField({
          label: t(isHost ? "ruleHostName" : "rulePrefix"),
          example: t(isHost ? "ruleHostExample" : "rulePrefixExample"),
          value: this.text,
          testId: "rule-text",
          onInput: this.#write,
          onKey: this.#onFieldKey,
        })}
        <p class="rule-hint">${this.#reads() ?? t(isHost ? this.#hostHint() : "rulePrefixHint")}</p>
      </div>
      ${this.#decisions()}${this.#scopes()}
      ${!isHost && this.decision === "allow" ? this.#outside() : nothing}
      ${this.problem ? html`<p class="rule-problem" role="alert" data-testid="rule-problem">${icon("error", "bad")}<span>${this.problem}</span></p>` : nothing}
      <div class="popover-buttons">
        ${button("secondary", { label: t("cancel"), testId: "cancel-rule", onClick: () => this.done() })}
        ${button("primary", { label: t("save"), testId: "save-rule", onClick: () => void this.#save() })}
      </div>
    </section>`;
  }

  #hostHint(): "ruleHostHint" | "ruleHostDenyHint" {
    return this.decision === "allow" ? "ruleHostHint" : "ruleHostDenyHint";
  }

  /** The words that the server will compare, each by itself. */
  #reads(): TemplateResult | undefined {
    const words = this.kind === "command" ? typedWords(this.text)?.words : undefined;
    if (!words || words.length === 0) return undefined;
    return html`<span class="rule-words" data-testid="rule-words">${words.map((word) => html`<code>${shownText(word)}</code>`)}</span>`;
  }

  #kinds(): TemplateResult {
    const segment = (kind: Kind, words: "ruleCommands" | "ruleHosts") => ({
      label: t(words),
      title: t(words),
      chosen: this.kind === kind,
      testId: `rule-kind-${kind}`,
      choose: () => {
        this.kind = kind;
        this.problem = "";
      },
    });
    const segments = [segment("command", "ruleCommands"), segment("host", "ruleHosts")];
    return segmentsRow({ label: t("ruleSubject"), role: "radio", segments });
  }

  #decisions(): TemplateResult {
    const segment = (decision: NewRule["decision"], words: "ruleAllow" | "ruleDeny") => ({
      label: t(words),
      title: t(words),
      chosen: this.decision === decision,
      testId: `rule-${decision}`,
      choose: () => {
        this.decision = decision;
      },
    });
    const segments = [segment("allow", "ruleAllow"), segment("deny", "ruleDeny")];
    return segmentsRow({ label: t("ruleDecision"), role: "radio", segments });
  }

  #scopes(): TemplateResult {
    const segment = (scope: "workspace" | "user", words: "ruleScopeHere" | "ruleScopeAll") => ({
      label: t(words),
      title: scope === "workspace" ? (this.#folder ?? "") : t(words),
      chosen: this.scope === scope,
      disabled: scope === "workspace" && this.#folder === undefined,
      testId: `rule-scope-${scope}`,
      choose: () => {
        this.scope = scope;
      },
    });
    const segments = [segment("workspace", "ruleScopeHere"), segment("user", "ruleScopeAll")];
    return segmentsRow({ label: t("ruleScope"), role: "radio", segments });
  }

  #outside(): TemplateResult {
    const toggle = () => {
      this.unconfined = !this.unconfined;
    };
    return html`<label class="choice"><input type="checkbox" .checked=${this.unconfined} data-testid="rule-unconfined"
      @change=${toggle}>${t("ruleRunsOutside")}</label>`;
  }

  /** Where a rule of this folder holds: where it held before, else the folder that is open. */
  get #folder(): string | undefined {
    return this.rule?.workspace ?? this.session.editor?.workspaceRoots[0];
  }

  async #save(): Promise<void> {
    if (this.saving) return;
    const subject = this.#subject();
    if (typeof subject === "string") {
      this.problem = subject;
      return;
    }
    this.saving = true;
    try {
      await this.session.rules.write(this.#ruleOf(subject), this.rule?.id);
      this.done();
    } catch (error) {
      this.problem = t("ruleFailed", { text: messageOf(error) });
    } finally {
      this.saving = false;
    }
  }

  /** What it covers; a sentence when that cannot be told. */
  #subject(): NewRule["subject"] | string {
    const text = this.text.trim();
    if (this.kind === "host") return text ? { kind: "host", host: text.toLowerCase() } : t("ruleHostEmpty");
    const typed = typedWords(text);
    if (!typed) return t("rulePrefixQuote");
    const [program, ...others] = typed.words;
    if (program === undefined) return t("rulePrefixEmpty");
    if (typed.sign !== undefined) return t("rulePrefixSign", { sign: typed.sign });
    if (/^\w+=/.test(program)) return t("rulePrefixVariable", { word: program });
    return { kind: "command", prefix: [program, ...others] };
  }

  #ruleOf(subject: NewRule["subject"]): NewRule {
    const { unconfined: _unconfined, workspace: _workspace, ...kept } = this.rule ? newRuleOf(this.rule) : {};
    const outside = subject.kind === "command" && this.decision === "allow" && this.unconfined;
    return {
      ...kept,
      subject,
      decision: this.decision,
      ...(outside ? { unconfined: true } : {}),
      ...(this.scope === "workspace" && this.#folder !== undefined ? { workspace: this.#folder } : {}),
    };
  }

  #write = (text: string): void => {
    this.text = text;
    this.problem = "";
  };

  #onFieldKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void this.#save();
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    this.done();
  };
}
customElements.define("pw-rule-form", RuleForm);
