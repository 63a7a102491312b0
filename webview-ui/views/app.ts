import { html, nothing } from "lit";
import type { NotificationMethod, ServerNotification } from "../../src/protocol/methods.ts";
import type { Checkpoint } from "../../src/protocol/review.ts";
import { type PendingApproval, runningTurn } from "../../src/protocol/threadView.ts";
import { messagePortTransport } from "../../src/rpc/messagePort.ts";
import { type Action, onActions } from "../actions.ts";
import type { Composer } from "../deck/composer.ts";
import type { Deck } from "../deck/deck.ts";
import { PanelElement } from "../element.ts";
import type { ApprovalRow } from "../rows/approval.ts";
import type { RowContext } from "../rows/row.ts";
import { Announcer } from "../session/announce.ts";
import type { LastingChoices } from "../session/choices.ts";
import { type SendAct, type SendKey, sendActs } from "../session/delivery.ts";
import { type Draft, emptyDraft } from "../session/draft.ts";
import { afterEdit, canStillEdit, type Editing } from "../session/editing.ts";
import { Folds } from "../session/folds.ts";
import { type Changes, FrameQueue } from "../session/frame.ts";
import { PanelSession } from "../session/panelSession.ts";
import type { ShellRequest } from "../session/shellRequests.ts";
import { UnreadSteers } from "../session/unreadSteers.ts";
import { chordOf } from "../shell/keys.ts";
import { onLinks } from "../shell/links.ts";
import { onLostFocus } from "../shell/lostFocus.ts";
import type { Shell } from "../shell/vscodeApi.ts";
import { t } from "../strings.ts";
import type { Transcript } from "../thread/transcript.ts";
import { activityOf } from "../words/activity.ts";
import { messageOf } from "../words/errors.ts";
import { titleOfView } from "../words/titles.ts";
import { banners } from "./banners.ts";
import type { History } from "./history.ts";
import type { Panel, Place } from "./panel.ts";
import { perform } from "./perform.ts";
import { placeholderOf } from "./placeholder.ts";
import type { RulesView } from "./rules.ts";
import type { WhichSent } from "./sentContext.ts";
import { welcome } from "./welcome.ts";

/** After these the list of threads is another one. */
const changesHistory = new Set<NotificationMethod>([
  "thread/status/changed",
  "thread/archived",
  "thread/unarchived",
  "thread/deleted",
]);

/** The panel: it holds the session and the message being written, and gives each part what it shows. */
export class App extends PanelElement implements Panel {
  static override properties = { shell: { attribute: false } };
  declare shell: Shell;
  session!: PanelSession;
  draft: Draft = emptyDraft;
  editing: Editing | undefined;
  draftAnswers: PendingApproval["requestId"] | undefined;
  note = "";
  place: Place = "thread";
  /** What is laid over the thread, and what had the focus before. */
  #sent: { which: WhichSent; before: Element | null } | undefined;
  readonly #frame = new FrameQueue(
    (changes) => this.#flush(changes),
    (flush) => requestAnimationFrame(flush),
  );
  readonly #announcer = new Announcer((text, urgency) => this.#say(text, urgency));
  readonly #unread = new UnreadSteers();
  readonly #folds = new Folds();
  readonly #context: RowContext = {
    folds: this.#folds,
    roots: () => this.session.editor?.workspaceRoots ?? [],
    workspaceName: () => this.session.editor?.workspaceName ?? "",
    sandbox: () => this.session.sandbox,
    settings: () => this.session.settings,
    turnRuns: () => this.turnRuns,
    hold: () => this.transcript?.hold(),
    sight: (approval) => {
      this.#approvalHidden = approval === "hidden";
      this.#updateDeck();
    },
  };
  #threadId: string | undefined;
  #lasting: LastingChoices = {};
  #noSandboxRead: string | undefined;
  #approvalHidden = false;

  override connectedCallback(): void {
    super.connectedCallback();
    onActions(document.body, (action) => this.#act(action));
    onLinks(document.body, (action) => this.#act(action));
    document.addEventListener("keydown", this.#onKey);
    onLostFocus(this, () => this.composer?.focusText());
    const saved = this.shell.load();
    this.draft = saved.draft ?? emptyDraft;
    this.editing = saved.editing;
    this.#threadId = saved.threadId;
    this.#lasting = { preset: saved.preset, editReview: saved.editReview };
    this.#noSandboxRead = saved.noSandboxRead;
    this.connect();
  }

  connect(): void {
    this.session = new PanelSession(messagePortTransport(this.shell.port), {
      onChange: (change) => this.#frame.add(change),
      onNotification: (notification) => this.#heard(notification),
      onApproval: (approval) => this.#announcer.ask(approval, this.#context),
      onShell: (request) => this.#told(request),
      onThread: (threadId) => this.#opened(threadId),
      onLasting: (choices) => {
        this.#lasting = choices;
        this.#save();
      },
    });
    this.session.start({ threadId: this.#threadId, ...this.#lasting }).catch((error) => {
      if (this.session.connection !== "closed") this.session.notices.add({ text: messageOf(error) });
    });
    this.requestUpdate();
  }

  #heard(notification: ServerNotification): void {
    const { view } = this.session;
    this.#announcer.take(view, notification);
    const unread = this.#unread.take(view, notification);
    if (unread > 0) this.setNote(t("notRead", { count: unread }));
    this.#checkEdit(notification.method);
    if (changesHistory.has(notification.method)) void this.querySelector<History>("pw-history")?.load();
  }

  /** What is edited may be read, deleted or taken back meanwhile; what was written is kept. */
  #checkEdit(method: NotificationMethod): void {
    if (method !== "thread/queue/changed" && method !== "thread/reverted") return;
    const { editing, session } = this;
    if (!editing || session.sending.active || canStillEdit(editing, session.view)) return;
    this.endEdit(afterEdit(editing, this.draft));
    this.setNote(t("editGone"));
  }

  get transcript(): Transcript | null {
    return this.querySelector<Transcript>("pw-transcript");
  }

  get composer(): Composer | null {
    return this.querySelector<Composer>("pw-composer");
  }

  get deck(): Deck | null {
    return this.querySelector<Deck>("pw-deck");
  }

  get approvalRow(): ApprovalRow | null {
    return this.querySelector<ApprovalRow>("pw-approval");
  }

  get approval(): PendingApproval | undefined {
    return this.session.view?.approvals[0];
  }

  get turnRuns(): boolean {
    return this.session.view !== undefined && runningTurn(this.session.view) !== undefined;
  }

  get sendActs(): Record<SendKey, SendAct> {
    const onEnter = this.session.editor?.enterWhileRunning ?? "queue";
    return sendActs({ editing: this.editing, approval: this.approval, turnRuns: this.turnRuns, onEnter });
  }

  get threadTitle(): string {
    return this.session.view ? titleOfView(this.session.view) : "";
  }

  beginEdit(editing: Editing): void {
    this.editing = editing;
    this.setDraft(editing.original);
  }

  endEdit(draft: Draft): void {
    this.editing = undefined;
    this.setDraft(draft);
  }

  setDraft(draft: Draft): void {
    if (this.draft.text === "") this.draftAnswers = this.approval?.requestId;
    this.draft = draft;
    this.note = "";
    this.#save();
    this.#updateDeck();
  }

  setNote(note: string): void {
    this.note = note;
    this.#updateDeck();
  }

  show(place: Place): void {
    this.place = place;
    this.#sent = undefined;
    this.requestUpdate();
  }

  showSent(which: WhichSent): void {
    this.#sent = { which, before: document.activeElement };
    this.requestUpdate();
  }

  hideSent(): void {
    const before = this.#sent?.before;
    this.#sent = undefined;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
      else void this.focusComposer();
    });
  }

  async focusComposer(): Promise<void> {
    await this.updateComplete;
    await this.deck?.updateComplete;
    await this.composer?.updateComplete;
    this.composer?.focusText();
  }

  readNoSandbox(): void {
    this.#noSandboxRead = this.session.editor?.windowId ?? "";
    this.#save();
    this.requestUpdate();
  }

  /** True until the user has read it in this window. */
  get #saysNoSandbox(): boolean {
    return this.#noSandboxRead !== (this.session.editor?.windowId ?? "");
  }

  announce(text: string): void {
    this.#say(text, "polite");
  }

  protected override render(): unknown {
    if (this.place === "history") {
      return html`<pw-history .session=${this.session}></pw-history>${this.#live()}`;
    }
    if (this.place === "rules") return html`<pw-rules .session=${this.session}></pw-rules>${this.#live()}`;
    const { view } = this.session;
    return html`<pw-header .session=${this.session} .name=${view && titleOfView(view)}></pw-header>
      ${banners(this, this.session, { saysNoSandbox: this.#saysNoSandbox })}
      ${
        view
          ? html`<pw-transcript .view=${view} .context=${this.#context} .origin=${this.session.thread.origin}
            .restored=${this.#restored}></pw-transcript>`
          : this.session.thread.opening
            ? html`<p class="opening" role="status">${t("loading")}</p>`
            : welcome(this, this.session)
      }
      <pw-deck .session=${this.session} .draft=${this.draft} .note=${this.note} .placeholder=${placeholderOf(this)}
        .editing=${this.editing} .sendActs=${this.sendActs} .activity=${view && activityOf(view)} .approvalHidden=${this.#approvalHidden}></pw-deck>
      ${view && this.#sent ? this.#sentView(this.#sent.which) : nothing}
      ${this.#live()}`;
  }

  /** What the thread's end offers to undo, unless a banner does. */
  get #restored(): Checkpoint | undefined {
    const { notices, review } = this.session;
    return notices.all.some(({ restored }) => restored) ? undefined : review.lastRestore;
  }

  #sentView(which: WhichSent): unknown {
    return html`<pw-sent-context .session=${this.session} .which=${which} .usage=${this.session.view?.usage}
      .asked=${this.approval !== undefined}></pw-sent-context>`;
  }

  #live(): unknown {
    return html`<div class="visually-hidden" role="status" aria-live="polite" data-testid="polite"></div>
      <div class="visually-hidden" role="alert" data-testid="assertive"></div>`;
  }

  /** One frame: only what changed is drawn again. */
  #flush(changes: Changes): void {
    if (changes.panel || changes.thread || changes.turns.size > 0) {
      this.requestUpdate();
      this.deck?.requestUpdate();
      this.querySelector<RulesView>("pw-rules")?.requestUpdate();
    } else this.#updateDeck();
    this.transcript?.apply(changes);
  }

  protected override updated(): void {
    this.#markWritten();
  }

  /** With a text in the composer Ctrl+Enter sends it, so the card of a question does not name the key. */
  #markWritten(): void {
    this.classList.toggle("written", this.draft.text.trim() !== "");
  }

  #updateDeck(): void {
    this.#markWritten();
    const { deck } = this;
    if (!deck) return;
    deck.draft = this.draft;
    deck.note = this.note;
    deck.placeholder = placeholderOf(this);
    deck.editing = this.editing;
    deck.sendActs = this.sendActs;
    deck.activity = this.session.view && activityOf(this.session.view);
    deck.approvalHidden = this.#approvalHidden;
  }

  #act(action: Action): void {
    perform(this, action).catch((error) => this.session.notices.add({ text: messageOf(error) }));
  }

  #told(request: ShellRequest): void {
    this.show(request.kind === "history" || request.kind === "rules" ? request.kind : "thread");
    if (this.place !== "thread") return;
    void this.focusComposer().then(() => {
      if (request.kind === "compose") this.composer?.insertDraft(request.draft);
    });
  }

  #opened(threadId: string | undefined): void {
    if (this.#threadId !== threadId) {
      this.#sent = undefined;
      this.setNote("");
    }
    this.#threadId = threadId;
    if (this.editing && this.editing.threadId !== threadId) this.endEdit(afterEdit(this.editing, this.draft));
    this.#save();
  }

  #save(): void {
    const { draft, editing } = this;
    const noSandboxRead = this.#noSandboxRead;
    this.shell.save({ threadId: this.#threadId, draft, editing, noSandboxRead, ...this.#lasting });
  }

  #say(text: string, urgency: "polite" | "assertive"): void {
    const region = this.querySelector(`[data-testid="${urgency}"]`);
    if (region) region.textContent = text;
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const row = this.approvalRow;
    const chord = chordOf(event);
    if (chord === "Shift+Escape") this.#act({ kind: "stopTurn" });
    else if (this.#sent && chord === "Escape") this.hideSent();
    else if (this.#sent) return;
    else if (chord === "Escape" && this.editing && this.composer?.hasFocus) this.#act({ kind: "cancelEdit" });
    else if (chord === "Escape" && row && this.place === "thread") row.deny();
    else if (chord === "Escape") this.#escape();
    else if (chord === "Ctrl+Enter" && row && this.draft.text.trim() === "") row.allow();
    else if (chord === "Ctrl+ArrowDown" && row) row.openChoices();
    else if (chord === "Ctrl+ArrowUp" && this.composer?.hasFocus) this.transcript?.focusLastRow();
    else if (chord === "ArrowUp" && this.composer?.hasFocus && this.draft.text === "") this.#act({ kind: "editLast" });
    else return;
    event.preventDefault();
  };

  #escape(): void {
    if (this.place !== "thread") this.show("thread");
    void this.focusComposer();
  }
}
customElements.define("pw-app", App);
