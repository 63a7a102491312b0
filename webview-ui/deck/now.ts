import { html, nothing } from "lit";
import { act } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { icon, spinner } from "../icons.ts";
import { t } from "../strings.ts";
import type { Activity } from "../words/activity.ts";

/** The first row of the deck: what the agent is doing, and for how long. */
export class NowRow extends PanelElement {
  static override properties = { activity: { attribute: false }, approvalHidden: { attribute: false } };
  declare activity: Activity | undefined;
  /** True while the question that waits is scrolled out of sight. */
  declare approvalHidden: boolean;

  protected override render(): unknown {
    if (!this.activity) return nothing;
    const { kind, label, step, since } = this.activity;
    return html`<div class="now" data-testid="now">
      ${kind === "live" ? spinner() : icon(kind === "waiting" ? "question" : "clockface", "warn")}
      <span class="now-label ellipsis" data-testid="now-label">${label}</span>${step ? html`<span class="now-step">· ${step}</span>` : nothing}
      <span class="grow"></span>
      ${
        kind === "waiting" && this.approvalHidden
          ? html`<button class="link-button" data-testid="show-approval" @click=${() => act(this, { kind: "showApproval" })}>${t("show")}</button>`
          : nothing
      }
      ${since === undefined ? nothing : html`<pw-elapsed class="meta" .since=${since}></pw-elapsed>`}
    </div>`;
  }
}
customElements.define("pw-now", NowRow);
