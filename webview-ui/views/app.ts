import { html, nothing } from "lit";
import type { NotificationMethod, ServerNotification } from "../../src/protocol/methods.ts";
import type { Checkpoint } from "../../src/protocol/review.ts";
import { type PendingApproval, runningTurn } from "../../src/protocol/threadView.ts";
import { messagePortTransport } from "../../src/rpc/messagePort.ts";
import { type Action, onActions } from "../actions.ts";
import type { Composer } from "../deck/composer.ts";
import type { Deck } from "../deck/deck.ts";
import { PanelElement } from "../element.ts";
import { redrawMenus } from "../menu.ts";
import type { ApprovalRow } from "../rows/approval.ts";
import type { RowContext } from "../rows/row.ts";
import { Announcer } from "../session/announce.ts";
import { type SendAct, type SendKey, sendActs } from "../session/delivery.ts";
import { Folds } from "../session/folds.ts";
import { type Changes, FrameQueue } from "../session/frame.ts";
import { PanelSession } from "../session/panelSession.ts";
import type { ShellRequest } from "../session/shellRequests.ts";
import { UnreadSteers } from "../session/unreadSteers.ts";
import { Writing } from "../session/writing.ts";
import { chordOf } from "../shell/keys.ts";
import { onLinks } from "../shell/links.ts";
import { onLostFocus } from "../shell/lostFocus.ts";
import type { SavedState, Shell } from "../shell/vscodeApi.ts";
import { t } from "../strings.ts";
import type { Transcript } from "../thread/transcript.ts";
import { activityOf } from "../words/activity.ts";
import { messageOf } from "../words/errors.ts";
import { titleOfView } from "../words/titles.ts";
import { aloudRegions, sayAloud } from "./aloud.ts";
import { banners } from "./banners.ts";
import type { History } from "./history.ts";
import { isOutdated } from "./outdatedNotes.ts";
import type { Panel, Place } from "./panel.ts";
import { perform } from "./perform.ts";
import { placeholderOf } from "./placeholder.ts";
import type { RulesView } from "./rules.ts";
import { SentSheet } from "./sentSheet.ts";
import { shortcutOf } from "./shortcuts.ts";
import { welcome } from "./welcome.ts";

/** The panel: it holds the session and the message being written, and gives each part what it shows. */
export class App extends PanelElement implements Panel {
  static override properties = { shell: { attribute: false } };
  declare shell: Shell;
  session!: PanelSession;
  place: Place = "thread";
  readonly writing = new Writing({
    approval: () => this.approval,
    onDraft: () => {
      this.#save();
      this.#updateDeck();
    },
    onNote: () => this.#updateDeck(),
  });
  readonly sent = new SentSheet({
    redraw: () => {
      this.requestUpdate();
      return this.updateComplete;
    },
    focusElsewhere: () => void this.focusComposer(),
  });
  readonly #frame = new FrameQueue(
    (changes) => this.#flush(changes),
    (flush) => requestAnimationFrame(flush),
  );
  readonly #announcer = new Announcer((text, urgency) => sayAloud(this, text, urgency));
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
  /** What rows say of paths and rights hangs on these. */
  #around: readonly unknown[] = [];
  /** What was saved last. */
  #saved: SavedState = {};
  #approvalHidden = false;

  override connectedCallback(): void {
    super.connectedCallback();
    onActions(document.body, (action) => this.act(action));
    onLinks(document.body, (action) => this.act(action));
    document.addEventListener("keydown", this.#onKey);
    onLostFocus(this, () => this.composer?.focusText());
    this.#saved = this.shell.load();
    this.writing.restore(this.#saved);
    this.connect();
  }

  connect(): void {
    this.session = new PanelSession(messagePortTransport(this.shell.port), {
      onChange: (change) => this.#frame.add(change),
      onNotification: (notification) => this.#heard(notification),
      onApproval: (approval) => this.#announcer.ask(approval, this.#context),
      onShell: (request) => this.#told(request),
      onThread: (threadId) => this.#opened(threadId),
      onLasting: (choices) => this.#save(choices),
    });
    this.session.start(this.#saved).catch((error) => {
      if (this.session.connection !== "closed") this.session.notices.add({ text: messageOf(error) });
    });
    this.requestUpdate();
  }

  #heard(notification: ServerNotification): void {
    const { view } = this.session;
    this.#announcer.take(view, notification);
    const unread = this.#unread.take(view, notification);
    if (unread > 0) this.writing.setNote(t("notRead", { count: unread }));
    if (isOutdated(this.writing.note, notification.method)) this.writing.setNote("");
    this.#checkEdit(notification.method);
    this.querySelector<History>("pw-history")?.heard(notification.method);
  }

  /** What is edited may be read, deleted or taken back meanwhile; what was written is kept. */
  #checkEdit(method: NotificationMethod): void {
    if (method !== "thread/queue/changed" && method !== "thread/reverted") return;
    const { session, writing } = this;
    if (!session.sending.active && writing.endImpossibleEdit(session.view)) writing.setNote(t("editGone"));
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
    return sendActs({ editing: this.writing.editing, approval: this.approval, turnRuns: this.turnRuns, onEnter });
  }

  get threadTitle(): string {
    return this.session.view ? titleOfView(this.session.view) : "";
  }

  show(place: Place): void {
    this.place = place;
    this.sent.drop();
    this.requestUpdate();
  }

  async focusComposer(): Promise<void> {
    await this.updateComplete;
    await this.deck?.updateComplete;
    await this.composer?.updateComplete;
    this.composer?.focusText();
  }

  readNoSandbox(): void {
    this.#save({ noSandboxRead: this.session.editor?.windowId ?? "" });
    this.requestUpdate();
  }

  /** True until the user has read it in this window. */
  get #saysNoSandbox(): boolean {
    return this.#saved.noSandboxRead !== (this.session.editor?.windowId ?? "");
  }

  announce(text: string): void {
    sayAloud(this, text, "polite");
  }

  act(action: Action): void {
    perform(this, action).catch((error) => this.session.notices.add({ text: messageOf(error) }));
  }

  protected override render(): unknown {
    if (this.place === "history") {
      return html`<pw-history .session=${this.session}></pw-history>${aloudRegions()}`;
    }
    if (this.place === "rules") return html`<pw-rules .session=${this.session}></pw-rules>${aloudRegions()}`;
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
      <pw-deck .session=${this.session}></pw-deck>
      ${this.#sentView()}
      ${aloudRegions()}`;
  }

  /** What the thread's end offers to undo, unless a banner does. */
  get #restored(): Checkpoint | undefined {
    const { notices, review } = this.session;
    return notices.all.some(({ restored }) => restored) ? undefined : review.lastRestore;
  }

  #sentView(): unknown {
    const { session, sent } = this;
    if (!session.view || !sent.which) return nothing;
    return html`<pw-sent-context .session=${session} .which=${sent.which} .usage=${session.view.usage}
      .asked=${this.approval !== undefined}></pw-sent-context>`;
  }

  /** One frame: only what changed is drawn again. */
  #flush(changes: Changes): void {
    if (changes.panel || changes.thread || changes.turns.size > 0) {
      this.#lookAround();
      redrawMenus();
      this.requestUpdate();
      this.deck?.requestUpdate();
      this.querySelector<RulesView>("pw-rules")?.requestUpdate();
    } else this.#updateDeck();
    this.transcript?.apply(changes);
  }

  /** A row sees only what it shows itself: when the folders, the sandbox or the settings are others, it is told. */
  #lookAround(): void {
    const { editor, sandbox, settings } = this.session;
    const around = [editor, sandbox, JSON.stringify(settings)];
    if (around.every((each, at) => each === this.#around[at])) return;
    this.#around = around;
    this.transcript?.redrawRows();
  }

  /** Before what was drawn just now draws itself for the first time. */
  protected override updated(): void {
    this.#updateDeck();
  }

  #updateDeck(): void {
    const { session, writing, deck } = this;
    const { draft, note, editing } = writing;
    // With a text in the composer Ctrl+Enter sends it, so the card of a question does not name the key.
    this.classList.toggle("written", !writing.isBlank);
    if (!deck) return;
    deck.draft = draft;
    deck.note = note;
    deck.placeholder = placeholderOf(this);
    deck.editing = editing;
    deck.sendActs = this.sendActs;
    deck.activity = session.view && activityOf(session.view);
    deck.approvalHidden = this.#approvalHidden;
  }

  #told(request: ShellRequest): void {
    this.show(request.kind === "history" || request.kind === "rules" ? request.kind : "thread");
    if (this.place !== "thread") return;
    void this.focusComposer().then(() => {
      if (request.kind === "compose") this.composer?.insertDraft(request.draft);
    });
  }

  #opened(threadId: string | undefined): void {
    if (this.#saved.threadId !== threadId) {
      this.sent.drop();
      this.writing.setNote("");
    }
    this.writing.leaveThread(threadId);
    this.#save({ threadId });
  }

  #save(changes: Partial<SavedState> = {}): void {
    const { draft, editing } = this.writing;
    this.#saved = { ...this.#saved, ...changes, draft, editing };
    this.shell.save(this.#saved);
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const run = shortcutOf(this, chordOf(event));
    if (!run) return;
    run();
    event.preventDefault();
  };
}
customElements.define("pw-app", App);
