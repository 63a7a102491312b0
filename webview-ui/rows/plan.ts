import { html, nothing, type TemplateResult } from "lit";
import type { PlanStep } from "../../src/protocol/threads.ts";
import { icon } from "../icons.ts";
import { opposite } from "../session/folds.ts";
import { t } from "../strings.ts";
import { chevron, RowElement } from "./row.ts";

const looks = {
  completed: { glyph: icon("check", "good"), words: "stepDone" },
  inProgress: { glyph: html`<span class="step-dot" aria-hidden="true"></span>`, words: "stepNow" },
  pending: { glyph: html`<span class="step-ring" aria-hidden="true"></span>`, words: "stepOpen" },
} as const;

/** The steps that the agent set itself. Closes at the end of the turn. */
export class PlanRow extends RowElement<"plan"> {
  protected override content(): unknown {
    const { plan, live } = this.row;
    const fold = this.fold(live ? "open" : "closed");
    const done = plan.steps.filter(({ status }) => status === "completed").length;
    const total = plan.steps.length;
    const current = plan.steps.find(({ status }) => status === "inProgress");
    return html`<section class="card plan" data-testid="plan">
      <button class="card-header" aria-expanded=${fold === "open"} data-row @click=${() => this.choose(opposite[fold])}>
        ${icon("checklist")}<span class="card-title">${t("plan")}</span>
        <span class="card-note ellipsis">${fold === "closed" && live && current ? current.step : ""}</span>
        <svg class="progress" viewBox="0 0 64 3" preserveAspectRatio="none" aria-hidden="true">
          <rect class="progress-track" width="64" height="3" rx="1.5"></rect>
          <rect class="progress-bar" width=${total === 0 ? 0 : (64 * done) / total} height="3" rx="1.5"></rect>
        </svg>
        <span class="meta"><span aria-hidden="true">${t("planProgress", { done, total })}</span><span
            class="visually-hidden">${t("planDone", { done, total })}</span></span>
        ${chevron(fold)}
      </button>
      ${fold === "open" ? html`<ol class="steps">${plan.steps.map((step) => stepView(step))}</ol>` : nothing}
    </section>`;
  }
}
customElements.define("pw-plan", PlanRow);

function stepView({ step, status }: PlanStep): TemplateResult {
  const { glyph, words } = looks[status];
  return html`<li class="step ${status}">${glyph}<span>${step}<span class="visually-hidden">, ${t(words)}</span></span></li>`;
}
