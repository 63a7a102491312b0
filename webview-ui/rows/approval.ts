import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import { act } from "../actions.ts";
import { EXACT_CHANGED, type ExactText } from "../exact/exactText.ts";
import { icon } from "../icons.ts";
import { type Menu, openMenu } from "../menu.ts";
import { answerTo } from "../session/answers.ts";
import { ctrlName } from "../shell/keys.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { commandQuestion } from "./commandQuestion.ts";
import { EditPreview } from "./editPreview.ts";
import { editQuestion } from "./editQuestion.ts";
import { HunkPicks } from "./hunkPicks.ts";
import type { MoreChoice, Question } from "./question.ts";
import { RowElement } from "./row.ts";
import { readQuestion, toolQuestion } from "./toolQuestion.ts";

/** A key or click in flight when the card appears must not answer it. */
const GUARD_MS = 400;

/** The agent asks: run this, connect there, change these files. It waits without time limit. */
export class ApprovalRow extends RowElement<"approval"> {
  readonly #edits = new EditPreview(() => this.#redraw());
  readonly #picks = new HunkPicks(() => this.#redraw());
  readonly #sight = new IntersectionObserver(([entry]) =>
    this.context.sight(entry?.isIntersecting ? "seen" : "hidden"),
  );
  #shownAt = Number.POSITIVE_INFINITY;
  /** Made anew when what it depends on is another, not with each drawing: a long command is not searched again. */
  #question: Question | undefined;
  #questionOfWhat: readonly unknown[] = [];
  #remained: ExactText["remains"] = "";

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#guard);
    this.addEventListener(EXACT_CHANGED, this.#exactChanged);
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#guard);
    this.#sight.disconnect();
    this.context.sight("seen");
  }

  /** Answers as if the first button had been pressed; ignored while it could not be. */
  allow(): void {
    const acceptedHunks = this.#picks.accepted;
    const answer = answerTo(this.row.approval, { kind: "allow", scope: "once" });
    this.#choose({ ...answer, ...(acceptedHunks ? { acceptedHunks } : {}) });
  }

  deny(): void {
    if (this.#takesInput()) this.#answer(answerTo(this.row.approval, { kind: "deny" }));
  }

  openChoices(): void {
    const button = this.querySelector<HTMLElement>("[data-choices]");
    if (button) this.#openMenu(button);
  }

  /** False until every line can be seen of what is asked about, and while nothing of an edit is picked. */
  get mayAllow(): boolean {
    if (this.#isEdit) return this.#picks.total === 0 || this.#picks.picked > 0;
    return this.#exact?.allShown ?? false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("row")) {
      this.#guard();
      this.#question = undefined;
    }
    const { approval } = this.row;
    this.#picks.files = approval.method === "item/fileChange/requestApproval" ? (approval.params.files ?? []) : [];
  }

  protected override content(): unknown {
    const question = this.#current();
    const { title, name, reason, warnings, body, facts } = question;
    return html`<section class="approval" role="group" aria-label=${name} data-testid="approval" tabindex="-1">
      <div class="approval-title">${icon("question", "warn")}<h2>${title}</h2></div>
      ${reason ? html`<p class="approval-reason">${shownText(reason)}</p>` : nothing}
      ${warnings.map((warning) => html`<p class="approval-warning" data-testid="approval-warning">${icon("warning", "warn")}<span>${shownText(warning)}</span></p>`)}
      ${body}
      ${facts.length > 0 ? html`<dl class="facts">${facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>` : nothing}
      <div class="approval-buttons">${warnings.length > 0 ? this.#cautious(question) : this.#usual(question)}</div>
      ${this.#hints(question)}
    </section>`;
  }

  /** The text that is decided about, which says itself when all of it was shown. */
  get #exact(): ExactText | null {
    return this.querySelector<ExactText>("pw-exact");
  }

  get #isEdit(): boolean {
    return this.row.approval.method === "item/fileChange/requestApproval";
  }

  #current(): Question {
    const { context, row } = this;
    const what = [row, context.sandbox(), context.settings(), context.workspaceName(), ...context.roots()];
    const isKnown =
      what.length === this.#questionOfWhat.length && what.every((each, at) => each === this.#questionOfWhat[at]);
    if (!this.#question || !isKnown) this.#question = this.#questionOf();
    this.#questionOfWhat = what;
    return this.#question;
  }

  #questionOf(): Question {
    const { approval, item } = this.row;
    const { context } = this;
    switch (approval.method) {
      case "item/commandExecution/requestApproval": {
        const known = item?.type === "commandExecution" ? item : undefined;
        const command = approval.params.command ?? known?.command ?? "";
        return commandQuestion({ approval, command, cwd: approval.params.cwd ?? known?.cwd ?? "", context });
      }
      case "item/fileChange/requestApproval": {
        const body = this.#edits.view(item, { context, from: this, picks: this.#picks });
        return editQuestion({ approval, item, context, isPart: this.#picks.accepted !== undefined, body });
      }
      case "mcpServer/elicitation/request":
        return toolQuestion(approval);
      case "item/permissions/requestApproval":
        return readQuestion(approval, context);
    }
  }

  #usual(question: Question): unknown {
    const isPart = this.#picks.accepted !== undefined;
    const { allow, allowOnce } = question.words;
    const some = t("acceptSome", { some: this.#picks.picked, count: this.#picks.total });
    const words = isPart ? some : t(question.more.length > 0 ? allow : allowOnce);
    return html`<span class="split">
        ${this.#allowButton(words, "primary")}
        ${
          question.more.length > 0
            ? html`<button class="button ${this.mayAllow ? "primary" : "secondary"} split-more" data-choices aria-haspopup="menu" aria-label=${t("moreChoices")}
                title=${t("moreChoices")} data-testid="approval-choices"
                @click=${(event: Event) => this.#openMenu(event.currentTarget as HTMLElement)}>${icon("chevron-down")}</button>`
            : nothing
        }
      </span>
      ${this.#denyButton(question, "secondary")}${this.#feedbackButton(question)}`;
  }

  /** Something could mislead: saying no is the easy choice. */
  #cautious(question: Question): unknown {
    const allow = this.#allowButton(t(question.words.allowOnce), "dashed");
    return html`${this.#denyButton(question, "primary")}${this.#feedbackButton(question)}${allow}`;
  }

  #allowButton(words: string, look: string): TemplateResult {
    const why = this.mayAllow ? nothing : this.#whyNot;
    return html`<button class="button ${look}" ?disabled=${!this.mayAllow} title=${why} data-testid="allow" @click=${() => this.allow()}>${words}</button>`;
  }

  #denyButton({ words }: Question, look: string): TemplateResult {
    return html`<button class="button ${look}" data-testid="deny" @click=${() => this.deny()}>${t(words.deny)}</button>`;
  }

  #feedbackButton({ words }: Question): TemplateResult {
    return html`<button class="button secondary" data-testid="deny-feedback" @click=${() => act(this, { kind: "denyWithFeedback" })}>
      ${t(words.denyFeedback)}
    </button>`;
  }

  get #whyNot(): string {
    if (this.#isEdit) return t("acceptNone");
    const remains = this.#exact?.remains ?? "wait";
    if (remains === "unfold") return t("showAll", { count: this.#exact?.lineCount ?? 0 });
    return remains === "scroll" ? t("showEnd") : t("showWait");
  }

  #hints({ warnings, words, more }: Question): TemplateResult {
    const key = (name: string) => html`<kbd>${name}</kbd>`;
    const allows = html`<span class="hint unless-written">${key(ctrlName)}${key("Enter")}<span>${t(words.allow)}</span></span>`;
    const chooses = html`<span class="hint wide-only">${key(ctrlName)}${key("↓")}<span>${t("moreChoices")}</span></span>`;
    return html`<div class="hints">
      ${this.mayAllow ? (warnings.length > 0 ? nothing : allows) : html`<span class="hint" data-testid="why-not">${this.#whyNot}</span>`}
      <span class="hint">${key("Esc")}<span>${t(words.deny)}</span></span>
      ${warnings.length > 0 || more.length === 0 ? nothing : chooses}
    </div>`;
  }

  #openMenu(anchor: HTMLElement): void {
    if (!this.#question) return;
    const { more, canStop } = this.#question;
    const items: Menu["items"] = [
      ...more.filter(({ denies }) => !denies).map((choice) => this.#menuItem(choice)),
      ...separated(more.filter(({ denies }) => denies).map((choice) => this.#menuItem(choice))),
      ...(canStop ? separated([this.#stopItem()]) : []),
    ];
    openMenu(anchor, { label: t("moreChoices"), items, wide: true });
  }

  #menuItem({ label, hint, answer, denies, testId }: MoreChoice): Menu["items"][number] {
    const run = () => (denies ? this.#takesInput() && this.#answer(answer) : this.#choose(answer));
    return { label, hint, disabled: !denies && !this.mayAllow, testId, run };
  }

  #stopItem(): Menu["items"][number] {
    const run = () => this.#answer(answerTo(this.row.approval, { kind: "stop" }));
    return { label: t("denyStop"), testId: "deny-stop", run };
  }

  /** Allows, if that can be done now. */
  #choose(answer: ApprovalAnswer): void {
    if (this.#takesInput() && this.mayAllow) this.#answer(answer);
  }

  #answer(answer: ApprovalAnswer): void {
    act(this, { kind: "answer", approval: this.row.approval, answer });
  }

  #redraw(): void {
    this.#question = undefined;
    this.requestUpdate();
  }

  #exactChanged = (): void => {
    const remains = this.#exact?.remains ?? "";
    if (this.#remained === "unfold") this.context.hold();
    this.#remained = remains;
    this.requestUpdate();
  };

  #guard = (): void => {
    this.#shownAt = performance.now();
  };

  #takesInput(): boolean {
    return performance.now() - this.#shownAt >= GUARD_MS;
  }
}
customElements.define("pw-approval", ApprovalRow);

function separated(items: Menu["items"]): Menu["items"] {
  return items.length > 0 ? [{ separator: true }, ...items] : [];
}
