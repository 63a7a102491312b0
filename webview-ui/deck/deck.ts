import { html, nothing, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { PanelElement } from "../element.ts";
import { icon, stopSquare } from "../icons.ts";
import type { SendAct, SendKey } from "../session/delivery.ts";
import { type Draft, emptyDraft, isEmpty } from "../session/draft.ts";
import type { Editing } from "../session/editing.ts";
import type { PanelSession } from "../session/panelSession.ts";
import { ctrlName } from "../shell/keys.ts";
import { type Key, t } from "../strings.ts";
import type { Activity } from "../words/activity.ts";
import type { Hint } from "./composer.ts";
import { contextMeter } from "./meter.ts";
import { modelName, openModelMenu } from "./modelMenu.ts";
import { modeLabel, modeName, openModeMenu } from "./modeMenu.ts";
import { openSandbox, sandboxChip } from "./sandbox.ts";

/** The block at the bottom: what happens now, the message being written, and what it will be sent with. */
export class Deck extends PanelElement {
  static override properties = {
    session: { attribute: false, hasChanged: () => false },
    draft: { attribute: false },
    note: { attribute: false },
    editing: { attribute: false },
    sendActs: { attribute: false, hasChanged: actsDiffer },
    placeholder: { attribute: false },
    activity: { attribute: false, hasChanged: differs },
    approvalHidden: { attribute: false },
  };
  declare session: PanelSession;
  declare draft: Draft;
  declare note: string;
  declare editing: Editing | undefined;
  declare sendActs: Record<SendKey, SendAct>;
  declare placeholder: string;
  declare activity: Activity | undefined;
  declare approvalHidden: boolean;

  constructor() {
    super();
    this.draft = emptyDraft;
    this.note = "";
    this.sendActs = { enter: "send", ctrlEnter: "send" };
    this.placeholder = "";
    this.approvalHidden = false;
  }

  openModels(): void {
    const anchor = this.querySelector<HTMLElement>("[data-testid=model]");
    if (anchor) openModelMenu(anchor, this.session.account.models, this.session.settings);
  }

  openSandbox(): void {
    const anchor = this.querySelector<HTMLElement>("[data-testid=sandbox]");
    if (anchor) openSandbox(anchor, this.session);
  }

  protected override render(): unknown {
    return html`<div class="deck" data-testid="deck">
      <pw-now .activity=${this.activity} .approvalHidden=${this.approvalHidden}></pw-now>
      ${this.#changes()}${this.#queue()}
      <div class="composer">
        ${this.#edited()}
        <pw-composer .draft=${this.draft} .placeholder=${this.placeholder} .note=${this.note} .hints=${this.#hints()}></pw-composer>
        <div class="toolbar">
          <span class="tools">
            <button class="icon-button" title=${t("attach")} aria-label=${t("attach")} data-testid="attach"
              @click=${() => act(this, { kind: "attach" })}>${icon("add")}</button>
            ${this.#mode()}${this.#model()}
          </span>
          <span class="tools states">${sandboxChip(this.session)}${contextMeter(this.session.view)}${this.#send()}</span>
        </div>
      </div>
    </div>`;
  }

  #mode(): unknown {
    const { settings } = this.session;
    const name = modeName(settings);
    return html`<button class="picker" aria-haspopup="menu" aria-expanded="false" aria-label=${t("mode", { name })} title=${name}
      data-testid="mode" @click=${(event: Event) => openModeMenu(event.currentTarget as HTMLElement, this.session)}>
      <span class="ellipsis">${modeLabel(settings)}</span>${icon("chevron-down", "chevron")}
    </button>`;
  }

  #model(): unknown {
    const { account, settings } = this.session;
    const name = modelName(account.models, settings.model);
    return html`<button class="picker model-picker" aria-haspopup="menu" aria-expanded="false" aria-label=${t("model", { name })}
      title=${name} data-testid="model" @click=${() => this.openModels()}>
      <span class="ellipsis">${name}</span>${icon("chevron-down", "chevron")}
    </button>`;
  }

  #changes(): TemplateResult {
    const { view, review, editor } = this.session;
    return html`<pw-changes .changes=${view?.changes ?? []} .question=${review.question} .roots=${editor?.workspaceRoots ?? []}
      .look=${this.#keepIsNext ? "primary" : "secondary"}></pw-changes>`;
  }

  /** True when keeping the changes is what waits for the user: nothing runs, nothing failed, and nothing is written. */
  get #keepIsNext(): boolean {
    const { view, review } = this.session;
    if (!view || view.changes.length === 0 || review.question) return false;
    const failed = view.turns.at(-1)?.status === "failed";
    return !this.activity && !failed && !this.editing && this.draft.text.trim() === "";
  }

  #queue(): TemplateResult {
    const { editing } = this;
    const waiting = (this.session.view?.queue ?? []).filter(({ turnId }) => turnId === undefined);
    return html`<pw-queue .waiting=${waiting} .turnRuns=${this.activity !== undefined}
      .edited=${editing?.kind === "waiting" ? editing.id : undefined}></pw-queue>`;
  }

  /** What the composer changes, while it does not hold a new message. */
  #edited(): TemplateResult | typeof nothing {
    const { editing } = this;
    if (!editing) return nothing;
    const steers = this.session.view?.queue.some(
      ({ id, turnId }) => turnId && editing.kind === "waiting" && id === editing.id,
    );
    const words = editing.kind === "message" ? "editingMessage" : steers ? "editingSteer" : "editingWaiting";
    return html`<div class="composer-edit" data-testid="composer-edit">
      ${icon("edit")}<span role="status">${t(words)}</span>
      <button class="icon-button" title=${t("cancelEdit")} aria-label=${t("cancelEdit")} data-testid="cancel-edit"
        @click=${() => act(this, { kind: "cancelEdit" })}>${icon("close")}</button>
    </div>`;
  }

  /** The keys that send, where they do something else than usual. */
  #hints(): Hint[] {
    const { enter, ctrlEnter } = this.sendActs;
    if (isEmpty(this.draft) || enter === "send") return [];
    const hints = [{ keys: ["Enter"], words: this.#sendWords(enter) }];
    if (this.editing) return [...hints, { keys: ["Esc"], words: t("cancel") }];
    return [...hints, { keys: [ctrlName, "Enter"], words: this.#sendWords(ctrlEnter) }];
  }

  /** Named as the button of the question is. */
  #sendWords(sends: SendAct): string {
    const edits = this.session.view?.approvals[0]?.method === "item/fileChange/requestApproval";
    return t(sends === "deny" && edits ? "sendReject" : sendWords[sends]);
  }

  /** While a turn runs a button stops it; the one that sends stands beside it when there is something to send. */
  #send(): TemplateResult {
    const closed = this.session.connection === "closed";
    const empty = isEmpty(this.draft) || closed;
    if (!this.activity) return this.#sendButton(empty ? "off" : "on");
    const stop = html`<button class=${empty ? "send" : "icon-button"} title=${t("stopTurn")} aria-label=${t("stopTurn")} data-testid="stop"
      @click=${() => act(this, { kind: "stopTurn" })}>${stopSquare()}</button>`;
    return empty ? stop : html`${stop}${this.#sendButton("on")}`;
  }

  /** Filled when there is something to send, unless a question waits, whose answer is the filled one then. */
  #sendButton(state: "on" | "off"): TemplateResult {
    const { enter } = this.sendActs;
    const words = this.#sendWords(enter);
    const isPlain = state === "off" || enter === "deny" || this.#keepIsNext;
    return html`<button class="send ${isPlain ? "" : "primary"}" title=${words} aria-label=${words} ?disabled=${state === "off"}
      data-testid="send" @click=${() => act(this, { kind: "send", draft: this.draft, key: "enter" })}>${icon("arrow-up")}</button>`;
  }
}
customElements.define("pw-deck", Deck);

const sendWords: Record<SendAct, Key> = {
  send: "send",
  queue: "sendQueue",
  steer: "sendSteer",
  deny: "sendDeny",
  save: "sendSave",
  replace: "sendReplace",
};

function actsDiffer(now: Record<SendKey, SendAct>, before: Record<SendKey, SendAct> | undefined): boolean {
  return now.enter !== before?.enter || now.ctrlEnter !== before?.ctrlEnter;
}

function differs(now: Activity | undefined, before: Activity | undefined): boolean {
  return (
    now?.kind !== before?.kind ||
    now?.label !== before?.label ||
    now?.step !== before?.step ||
    now?.since !== before?.since
  );
}
