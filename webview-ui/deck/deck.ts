import { html } from "lit";
import { act } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { icon, stopSquare } from "../icons.ts";
import { type Draft, emptyDraft, isEmpty } from "../session/draft.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { t } from "../strings.ts";
import type { Activity } from "../words/activity.ts";
import { contextMeter } from "./meter.ts";
import { modelName, openModelMenu } from "./modelMenu.ts";
import { modeNames, openModeMenu, openSandboxNote } from "./modeMenu.ts";

/** The block at the bottom: what happens now, the message being written, and what it will be sent with. */
export class Deck extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    draft: { attribute: false },
    note: { attribute: false },
    placeholder: { attribute: false },
    activity: { attribute: false, hasChanged: differs },
    approvalHidden: { attribute: false },
  };
  declare session: PanelSession;
  declare draft: Draft;
  declare note: string;
  declare placeholder: string;
  declare activity: Activity | undefined;
  declare approvalHidden: boolean;

  constructor() {
    super();
    this.draft = emptyDraft;
    this.note = "";
    this.placeholder = "";
    this.approvalHidden = false;
  }

  openModels(): void {
    const anchor = this.querySelector<HTMLElement>("[data-testid=model]");
    if (anchor) openModelMenu(anchor, this.session.models, this.session.settings);
  }

  protected override render(): unknown {
    return html`<div class="deck" data-testid="deck">
      <pw-now .activity=${this.activity} .approvalHidden=${this.approvalHidden}></pw-now>
      <div class="composer">
        <pw-composer .draft=${this.draft} .placeholder=${this.placeholder} .note=${this.note}></pw-composer>
        <div class="toolbar">
          <span class="tools">
            <button class="icon-button" title=${t("attach")} aria-label=${t("attach")} data-testid="attach"
              @click=${() => act(this, { kind: "attach" })}>${icon("add")}</button>
            ${this.#mode()}${this.#model()}
          </span>
          <span class="tools states">${this.#sandbox()}${contextMeter(this.session.view?.usage)}${this.#send()}</span>
        </div>
      </div>
    </div>`;
  }

  #mode(): unknown {
    const { mode } = this.session.settings;
    const name = t(modeNames[mode]);
    return html`<button class="picker" aria-haspopup="menu" aria-expanded="false" aria-label=${t("mode", { name })} title=${name}
      data-testid="mode" @click=${(event: Event) => openModeMenu(event.currentTarget as HTMLElement, mode)}>
      <span class="ellipsis">${mode === "ask" ? t("modeAskShort") : name}</span>${icon("chevron-down", "chevron")}
    </button>`;
  }

  #model(): unknown {
    const { models, settings } = this.session;
    const name = modelName(models, settings.model);
    return html`<button class="picker model-picker" aria-haspopup="menu" aria-expanded="false" aria-label=${t("model", { name })}
      title=${name} data-testid="model" @click=${() => this.openModels()}>
      <span class="ellipsis">${name}</span>${icon("chevron-down", "chevron")}
    </button>`;
  }

  #sandbox(): unknown {
    const { mode } = this.session.settings;
    return html`<button class="picker no-sandbox" aria-haspopup="dialog" aria-expanded="false" data-testid="no-sandbox"
      @click=${(event: Event) => openSandboxNote(event.currentTarget as HTMLElement, mode)}>
      ${icon("workspace-unknown")}<span>${t("noSandbox")}</span>
    </button>`;
  }

  /** While a turn runs the button stops it; the one filled button is Send, and only when there is something to send. */
  #send(): unknown {
    if (this.activity) {
      return html`<button class="send" title=${t("stopTurn")} aria-label=${t("stopTurn")} data-testid="stop"
        @click=${() => act(this, { kind: "stopTurn" })}>${stopSquare()}</button>`;
    }
    const empty = isEmpty(this.draft) || this.session.connection === "closed";
    return html`<button class="send ${empty ? "" : "primary"}" title=${t("send")} aria-label=${t("send")} ?disabled=${empty}
      data-testid="send" @click=${() => act(this, { kind: "send", draft: this.draft })}>${icon("arrow-up")}</button>`;
  }
}
customElements.define("pw-deck", Deck);

function differs(now: Activity | undefined, before: Activity | undefined): boolean {
  return (
    now?.kind !== before?.kind ||
    now?.label !== before?.label ||
    now?.step !== before?.step ||
    now?.since !== before?.since
  );
}
