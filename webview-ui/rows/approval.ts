import { html, nothing, type PropertyValues } from "lit";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import { act } from "../actions.ts";
import { EXACT_CHANGED, type ExactText } from "../exact/exactText.ts";
import { icon } from "../icons.ts";
import { openMenu } from "../menu.ts";
import { answerTo } from "../session/answers.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { answerButtons, answerHints, type Offer } from "./answerButtons.ts";
import { answerMenu } from "./answerMenu.ts";
import { commandQuestion } from "./commandQuestion.ts";
import { EditPreview } from "./editPreview.ts";
import { editQuestion } from "./editQuestion.ts";
import { HunkPicks } from "./hunkPicks.ts";
import type { Question } from "./question.ts";
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
    this.#deny(answerTo(this.row.approval, { kind: "deny" }));
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
    const offer = this.#offerOf(question);
    const { title, name, reason, warnings, body, facts } = question;
    return html`<section class="approval" role="group" aria-label=${name} data-testid="approval" tabindex="-1">
      <div class="approval-title">${icon("question", "warn")}<h2>${title}</h2></div>
      ${reason ? html`<p class="approval-reason">${shownText(reason)}</p>` : nothing}
      ${warnings.map((warning) => html`<p class="approval-warning" data-testid="approval-warning">${icon("warning", "warn")}<span>${shownText(warning)}</span></p>`)}
      ${body}
      ${facts.length > 0 ? html`<dl class="facts">${facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>` : nothing}
      ${answerButtons(offer)}${answerHints(offer)}
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

  #offerOf(question: Question): Offer {
    const isPart = this.#picks.accepted !== undefined;
    return {
      question,
      partWords: isPart ? t("acceptSome", { some: this.#picks.picked, count: this.#picks.total }) : undefined,
      whyNot: this.#whyNot,
      allow: () => this.allow(),
      deny: () => this.deny(),
      denyWithFeedback: () => act(this, { kind: "denyWithFeedback" }),
      openChoices: (anchor) => this.#openMenu(anchor),
    };
  }

  /** Why it may not be allowed yet; empty when it may. */
  get #whyNot(): string {
    if (this.mayAllow) return "";
    if (this.#isEdit) return t("acceptNone");
    const remains = this.#exact?.remains ?? "wait";
    if (remains === "unfold") return t("showAll", { count: this.#exact?.lineCount ?? 0 });
    return remains === "scroll" ? t("showEnd") : t("showWait");
  }

  #openMenu(anchor: HTMLElement): void {
    if (!this.#question) return;
    const menu = answerMenu(this.#question, {
      mayAllow: this.mayAllow,
      choose: ({ answer, denies }) => (denies ? this.#deny(answer) : this.#choose(answer)),
      stop: () => this.#answer(answerTo(this.row.approval, { kind: "stop" })),
    });
    openMenu(anchor, menu);
  }

  /** Allows, if that can be done now. */
  #choose(answer: ApprovalAnswer): void {
    if (this.#takesInput() && this.mayAllow) this.#answer(answer);
  }

  #deny(answer: ApprovalAnswer): void {
    if (this.#takesInput()) this.#answer(answer);
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
