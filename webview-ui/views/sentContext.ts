import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { SentContext, SentLayer, SentLayerKind } from "../../src/protocol/sentContext.ts";
import type { TokenUsage } from "../../src/protocol/threads.ts";
import { act } from "../actions.ts";
import { iconButton } from "../controls.ts";
import { flashCopied } from "../copied.ts";
import { modelName } from "../deck/modelMenu.ts";
import { PanelElement } from "../element.ts";
import { icon } from "../icons.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import { groupOf, type LayerGroup, moment } from "../words/sent.ts";
import { contextPercent, tokens } from "../words/tokens.ts";
import { layerView } from "./sentLayer.ts";

/** Which request is shown: the newest, the first with a message of the user, or one by its number. */
export interface WhichSent {
  itemId?: string | undefined;
  number?: number | undefined;
}

const groups: readonly LayerGroup[] = ["alwaysSent", "ofThread", "fromYou"];

/** In percent of the bar: a thinner part has no gap to the next one, which would hide it, and all of them together are never thinner. */
const THIN = 0.8;

/** One request to the model: how many tokens each of its layers takes, and every word of it. It lies over the thread. */
export class SentContextView extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    which: { attribute: false },
    usage: { attribute: false },
    asked: { attribute: false },
    sent: { state: true },
    problem: { state: true },
  };
  declare session: PanelSession;
  declare which: WhichSent;
  /** Of the thread: another one may mean another request, or the server's count of this one. */
  declare usage: TokenUsage | undefined;
  /** True while a question waits in the thread below. */
  declare asked: boolean;
  declare sent: SentContext | undefined;
  declare problem: string;
  readonly #opened = new Set<SentLayerKind>();
  /** Layers that were read whole. */
  #whole = new Map<SentLayerKind, SentLayer>();
  /** Counts requests, so that a slow answer does not replace a newer one. */
  #reads = 0;

  constructor() {
    super();
    this.problem = "";
    this.addEventListener("keydown", this.#onKey);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-testid=sent-back]")?.focus());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("which")) void this.#read(this.which);
    else if (changed.has("usage") && this.sent) void this.#read({ number: this.sent.number });
  }

  protected override render(): unknown {
    return html`<header class="header with-back">
        ${iconButton("arrow-left", { label: t("back"), testId: "sent-back", onClick: () => act(this, { kind: "hideSent" }) })}
        <h1 class="title-text">${t("sentTitle")}</h1>
        <span class="grow"></span>
        ${this.sent ? iconButton("copy", { label: t("copyRequest"), testId: "copy-request", onClick: this.#copy }) : nothing}
      </header>
      <main class="sent" aria-busy=${this.sent || this.problem ? "false" : "true"} data-testid="sent">${this.#content()}</main>
      ${this.asked ? this.#question() : nothing}`;
  }

  #content(): unknown {
    if (this.problem) {
      return html`<div class="sent-problem" role="alert" data-testid="sent-problem">
        <p>${this.problem}</p>
        <button class="button secondary" data-testid="sent-again" @click=${() => this.#read(this.which)}>${t("tryAgain")}</button>
      </div>`;
    }
    const { sent } = this;
    if (!sent) return html`<p class="sent-loading" role="status">${t("sentLoading")}</p>`;
    return html`${this.#summary(sent)} ${groups.map((group) => this.#group(group, sent))}
      <p class="sent-note">${t(sent.tokensBy === "server" ? "sentCounted" : "sentEstimated")}</p>`;
  }

  #summary(sent: SentContext): TemplateResult {
    const { number, count } = sent;
    const used = tokens(sent.tokens);
    const total = tokens(sent.contextWindow);
    const percent = contextPercent(sent.tokens, sent.contextWindow) || "<1";
    const facts = [modelName(this.session.account.models, sent.model), sent.effort, moment(sent.sentAtMs, Date.now())];
    return html`<section class="sent-summary" data-testid="sent-summary">
      <div class="sent-line">
        <span class="sent-steps">
          ${this.#step("chevron-left", "earlierRequest", number > 1 ? number - 1 : undefined)}
          <span aria-live="polite" data-testid="sent-number">${t("requestOf", { number, count })}</span>
          ${this.#step("chevron-right", "laterRequest", number < count ? number + 1 : undefined)}
        </span>
        <span class="sent-facts" data-testid="sent-facts">${facts.filter(Boolean).join(" · ")}</span>
      </div>
      <div class="sent-line">
        <span><strong class="sent-total" data-testid="sent-total">${
          sent.tokensBy === "server" ? used : t("sentAbout", { count: used })
        }</strong> ${t("sentTokens", { total })}</span>
        <span>${t("sentShare", { percent })}</span>
      </div>
      ${this.#bar(sent, t("sentBar", { used, total, percent }))}
      <div class="sent-line">
        <span>${sent.cachedTokens === null ? nothing : t("sentCached", { count: tokens(sent.cachedTokens) })}</span>
        <span>${t("sentCondensed", { count: tokens(sent.condensedAtTokens) })}</span>
      </div>
    </section>`;
  }

  #step(glyph: string, label: "earlierRequest" | "laterRequest", number: number | undefined): TemplateResult {
    return html`<button class="icon-button" title=${t(label)} aria-label=${t(label)} ?disabled=${number === undefined}
      data-testid=${label} @click=${() => this.#read({ number })}>${icon(glyph)}</button>`;
  }

  /** As wide as the context window; a mark stands where the thread is condensed. */
  #bar(sent: SentContext, label: string): TemplateResult {
    const share = (count: number) => (count / Math.max(sent.contextWindow, sent.tokens)) * 100;
    let from = 0;
    const parts = sent.layers.map(({ kind, tokens: count }) => {
      const x = share(from);
      from += count;
      return html`<svg x="${x}%" width="${share(count)}%" height="8"><rect class="sent-part ${groupOf(kind)} ${share(count) < THIN ? "thin" : ""}" width="100%" height="8"></rect></svg>`;
    });
    return html`<svg class="sent-bar" role="img" aria-label=${label} width="100%" height="8">
      <rect class="sent-part thin" width="${Math.max(THIN, share(sent.tokens))}%" height="8"></rect>${parts}
      <line class="sent-limit" x1="${share(sent.condensedAtTokens)}%" x2="${share(sent.condensedAtTokens)}%" y1="0" y2="8"></line>
    </svg>`;
  }

  #group(group: LayerGroup, sent: SentContext): unknown {
    const layers = sent.layers.filter(({ kind }) => groupOf(kind) === group);
    if (layers.length === 0) return nothing;
    const most = Math.max(...sent.layers.map((layer) => layer.tokens), 1);
    return html`<section class="sent-group" data-testid="sent-group">
      <h2>${t(group)}</h2>
      ${layers.map((layer) =>
        layerView(this.#whole.get(layer.kind) ?? layer, {
          most,
          roots: this.session.editor?.workspaceRoots ?? [],
          isOpen: this.#opened.has(layer.kind),
          toggle: () => this.#toggle(layer.kind),
          showAll: () => this.#readWhole(layer.kind),
        }),
      )}
    </section>`;
  }

  #question(): TemplateResult {
    const show = () => {
      act(this, { kind: "hideSent" });
      act(this, { kind: "showApproval" });
    };
    return html`<div class="sent-asked"><span>${t("waitingForAnswer")}</span>
      <button class="link-button" data-testid="sent-show-question" @click=${show}>${t("show")}</button></div>`;
  }

  #toggle(kind: SentLayerKind): void {
    if (!this.#opened.delete(kind)) this.#opened.add(kind);
    this.requestUpdate();
  }

  async #read(which: WhichSent): Promise<void> {
    const read = ++this.#reads;
    try {
      const { context } = await this.session.readContext(which);
      if (read !== this.#reads) return;
      if (context.number !== this.sent?.number) this.#whole = new Map();
      this.sent = context;
      this.problem = "";
    } catch (error) {
      if (read === this.#reads) this.problem = t("sentFailed", { text: messageOf(error) });
    }
  }

  async #readWhole(layer: SentLayerKind): Promise<void> {
    const number = this.sent?.number;
    try {
      const { context } = await this.session.readContext({ number, layer });
      const whole = context.layers[0];
      if (whole && number === this.sent?.number) this.#whole.set(layer, whole);
      this.requestUpdate();
    } catch (error) {
      this.problem = t("sentFailed", { text: messageOf(error) });
    }
  }

  #copy = async (event: Event): Promise<void> => {
    const button = event.currentTarget as Element;
    try {
      const { body } = await this.session.readContext({ number: this.sent?.number, includeBody: true });
      act(this, { kind: "copy", text: body ?? "" });
      flashCopied(button);
    } catch (error) {
      this.problem = t("sentFailed", { text: messageOf(error) });
    }
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...this.querySelectorAll<HTMLElement>(".sent-row")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = rows[event.key === "ArrowDown" ? at + 1 : at - 1];
    if (at < 0 || !next) return;
    next.focus();
    event.preventDefault();
  };
}
customElements.define("pw-sent-context", SentContextView);
