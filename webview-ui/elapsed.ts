import { html, nothing } from "lit";
import { PanelElement } from "./element.ts";
import { clock } from "./words/durations.ts";

const ticking = new Set<ElapsedTime>();
let timer: ReturnType<typeof setInterval> | undefined;

/** A clock that counts up from `since` (Unix milliseconds), or down to `until`. All of them share one timer; it stops with the last. */
export class ElapsedTime extends PanelElement {
  static override properties = { since: { attribute: false }, until: { attribute: false }, form: { attribute: false } };
  declare since: number | undefined;
  declare until: number | undefined;
  /** How milliseconds are written; "0:42" unless given. */
  declare form: ((ms: number) => string) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    ticking.add(this);
    timer ??= setInterval(() => {
      for (const element of ticking) element.requestUpdate();
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    ticking.delete(this);
    if (ticking.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  protected override render(): unknown {
    const form = this.form ?? clock;
    if (this.until !== undefined) return html`${form(Math.max(0, this.until - Date.now()))}`;
    return this.since === undefined ? nothing : html`${form(Math.max(0, Date.now() - this.since))}`;
  }
}
customElements.define("pw-elapsed", ElapsedTime);
