import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type {
  EditorNotificationParams,
  EditorRequestMethod,
  EditorRequestParams,
  EditorRequestResult,
  EditorState,
} from "../../src/protocol/editorMethods.ts";
import type {
  ListedModel,
  NotificationParams,
  RequestParams,
  RequestResult,
  ServerNotification,
} from "../../src/protocol/methods.ts";
import type { SandboxState } from "../../src/protocol/settings.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";
import {
  applyApproval,
  applyNotification,
  type PendingApproval,
  runningTurn,
  type ThreadView,
  viewOf,
} from "../../src/protocol/threadView.ts";
import { type Client, connectClient, errorCodeOf } from "../../src/rpc/client.ts";
import type { Transport } from "../../src/rpc/transport.ts";
import type { SavedState } from "../shell/vscodeApi.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import { titleOf } from "../words/titles.ts";
import { Approvals } from "./approvals.ts";
import { Choices, type LastingChoices } from "./choices.ts";
import type { Delivery } from "./delivery.ts";
import { type Draft, inputOf } from "./draft.ts";
import type { Change } from "./frame.ts";
import { introduce } from "./introduce.ts";
import { LeftThreads } from "./leftThreads.ts";
import { listModels, listThreads, type ThreadMethod, type ThreadQuery } from "./lists.ts";
import { Notices } from "./notices.ts";
import { Openings } from "./openings.ts";
import { Review } from "./review.ts";
import { Rules } from "./rules.ts";
import { type PanelSettings, settingsOfOpened, settingsOfThread } from "./settings.ts";
import { type ShellRequest, shellRequest } from "./shellRequests.ts";

export interface SessionEvents {
  onChange(change: Change): void;
  /** After the view has been changed by it. */
  onNotification(notification: ServerNotification): void;
  onApproval(approval: PendingApproval): void;
  /** What the shell asks the panel to show. */
  onShell(request: ShellRequest): void;
  /** The open thread is another one. */
  onThread(threadId: string | undefined): void;
  /** The user chose something that holds for the threads to come. */
  onLasting(choices: LastingChoices): void;
}

/** The panel's end of one connection: what it knows of the server and of the thread that is open. Elements read it and call it; they never write. */
export class PanelSession {
  connection: "connecting" | "open" | "closed" = "connecting";
  /** Undefined until the server has said. */
  hasKey: boolean | undefined;
  /** What confines commands; undefined until the server has said. */
  sandbox: SandboxState | undefined;
  models: ListedModel[] = [];
  editor: EditorState | undefined;
  view: ThreadView | undefined;
  /** True while a thread is being opened. */
  opening = false;
  /** True while a message is on its way to the server. */
  sending = false;
  /** The thread that the open one began as a copy of; without a title while that is not known, or when it is gone. */
  origin: { threadId: string; title?: string } | undefined;
  readonly approvals = new Approvals();
  readonly notices = new Notices(() => this.#changed());
  readonly choices: Choices;
  readonly review: Review;
  readonly rules: Rules;
  readonly #events: SessionEvents;
  readonly #client: Client;
  readonly #left: LeftThreads;
  readonly #openings = new Openings();

  constructor(transport: Transport, events: SessionEvents) {
    this.#events = events;
    this.#client = connectClient(transport, {
      onNotification: (notification) => this.#take(notification),
      onServerRequest: (approval) => this.#ask(approval),
      onOtherNotification: (method, params) => this.#told(method, params),
      onClose: () => this.#closed(),
    });
    this.#left = new LeftThreads(this.#client);
    const view = () => this.view;
    this.choices = new Choices({
      client: this.#client,
      threadId: () => this.view?.thread.id,
      changed: () => this.#changed(),
      onLasting: events.onLasting,
    });
    this.rules = new Rules({
      client: this.#client,
      changed: () => this.#changed(),
    });
    this.review = new Review({ client: this.#client, notices: this.notices, view, onChange: events.onChange });
  }

  get settings(): PanelSettings {
    return this.choices.settings;
  }

  /** Introduces the panel, learns what it needs, and goes on with what was saved. Rejects when the server refuses. */
  async start({ threadId, preset, editReview }: Pick<SavedState, "threadId" | "preset" | "editReview">): Promise<void> {
    this.choices.restore({ preset, editReview });
    const introduced = this.#introduce();
    const opened = introduced.then(() => (threadId === undefined ? undefined : this.openThread(threadId)));
    const knowsShell = introduced.then(() => this.#readShell());
    const begun = this.#openings.add(Promise.all([knowsShell, opened]));
    await Promise.all([begun, introduced.then(() => this.#readAccount())]);
    this.#changed();
  }

  async #introduce(): Promise<void> {
    this.sandbox = await introduce(this.#client);
    this.connection = "open";
  }

  /** Resolves once messages can be sent; false when the thread that was to be open by then is not. */
  async settled(): Promise<boolean> {
    const waited = await this.#openings.over();
    const { wanted } = this.#openings;
    return !waited || wanted === undefined || this.view?.thread.id === wanted;
  }

  /** Shows a thread; the open one is read anew. */
  openThread(threadId: string): Promise<void> {
    return this.#openings.add(this.#open(threadId));
  }

  async #open(threadId: string): Promise<void> {
    const isNewest = this.#openings.want(threadId);
    this.#left.reopen(threadId);
    this.opening = true;
    this.#changed();
    try {
      const opened = await this.#client.request("thread/resume", { threadId });
      if (isNewest()) this.#show(opened);
      else if (this.#openings.wanted !== threadId && this.view?.thread.id !== threadId) this.#left.leave(opened.thread);
    } catch (error) {
      if (isNewest()) this.#noteFailedOpening(threadId, error);
    } finally {
      if (isNewest()) this.opening = false;
      this.#changed();
    }
  }

  /** Opens a copy of a thread, such as of one that only another window may go on with. Rejects as the server does. */
  async openCopy(threadId: string): Promise<void> {
    const { thread } = await this.#client.request("thread/fork", { threadId });
    await this.openThread(thread.id);
  }

  #noteFailedOpening(threadId: string, error: unknown): void {
    const text = t("openFailed", { text: messageOf(error) });
    this.notices.add({ text, copyOf: errorCodeOf(error) === "conflict" ? threadId : undefined });
  }

  /** Shows the empty panel; the thread itself is started with its first message. */
  newThread(): void {
    this.#openings.want(undefined);
    this.opening = false;
    this.#leave();
    this.view = undefined;
    this.choices.leaveThread();
    this.#events.onThread(undefined);
    this.#changed();
  }

  /**
   * Sends a message: it starts a turn, or with one running waits for its end or steers it. Rejects when the server does not take it; the
   * caller keeps the draft until then.
   */
  async send(draft: Draft, delivery: Delivery): Promise<void> {
    await this.#sending(async () => {
      if (!this.view) await this.#startThread(null);
      const input = inputOf(draft);
      const turn = this.view && runningTurn(this.view);
      if (!turn) await this.inThread("turn/start", { input });
      else if (delivery === "steer") await this.inThread("turn/steer", { input, expectedTurnId: turn.id });
      else await this.inThread("thread/queue/add", { input, clientUserMessageId: crypto.randomUUID() });
    });
  }

  /** Takes back a turn of the open thread and all after it, the one that runs included, and says this instead. Rejects as `send` does. */
  async sendInstead(turnId: string, draft: Draft): Promise<void> {
    const threadId = this.view?.thread.id ?? "";
    await this.#sending(async () => {
      // A turn that ends by itself meanwhile needs no stop; if it still runs, the next request is refused and says so.
      await this.stopTurn().catch(() => {});
      await this.#client.request("thread/revert", { threadId, beforeTurnId: turnId });
      await this.#client.request("turn/start", { threadId, input: inputOf(draft) });
    });
  }

  /** Opens a copy of the open thread that ends before or after one of its turns. */
  async fork(until: { beforeTurnId: string } | { lastTurnId: string }): Promise<void> {
    const { thread } = await this.inThread("thread/fork", until);
    await this.openThread(thread.id);
  }

  /** Asks something about the open thread. Rejects when none is open, and as the server does. */
  async inThread<M extends ThreadMethod>(
    method: M,
    params: Omit<RequestParams<M>, "threadId">,
  ): Promise<RequestResult<M>> {
    const threadId = this.view?.thread.id;
    if (threadId === undefined) throw new Error(t("noThreadOpen"));
    return this.#client.request(method, { threadId, ...params } as RequestParams<M>);
  }

  async stopTurn(): Promise<void> {
    const turn = this.view && runningTurn(this.view);
    if (turn) await this.inThread("turn/interrupt", { turnId: turn.id });
  }

  answer(approval: PendingApproval, answer: ApprovalAnswer): void {
    this.approvals.answer(approval, answer);
    if (!this.view) return;
    this.view.approvals = this.view.approvals.filter((other) => other.requestId !== approval.requestId);
    this.#events.onChange({ kind: "turn", turnId: approval.params.turnId });
  }

  listThreads(query: ThreadQuery): Promise<RequestResult<"thread/list">> {
    return listThreads(this.#client, this.editor?.workspaceRoots ?? [], query);
  }

  /** What a request of the open thread held. Rejects when nothing was sent. */
  readContext(which: Omit<RequestParams<"thread/context/read">, "threadId">) {
    return this.inThread("thread/context/read", which);
  }

  async renameThread(threadId: string, name: string): Promise<void> {
    await this.#client.request("thread/name/set", { threadId, name });
  }

  async putAway(threadId: string, how: "archive" | "unarchive" | "delete"): Promise<void> {
    await this.#client.request(`thread/${how}`, { threadId });
    if (how !== "unarchive" && this.view?.thread.id === threadId) this.newThread();
  }

  /** Asks the shell around the panel. */
  async ask<M extends EditorRequestMethod>(method: M, params: EditorRequestParams<M>): Promise<EditorRequestResult<M>> {
    return (await this.#client.requestOther(method, params)) as EditorRequestResult<M>;
  }

  close(): void {
    this.#client.close();
  }

  async #sending(work: () => Promise<void>): Promise<void> {
    this.sending = true;
    try {
      await work();
    } finally {
      this.sending = false;
    }
  }

  async #startThread(folder: string | null): Promise<string> {
    const cwd = folder ?? this.editor?.workspaceRoots[0] ?? null;
    const opened = await this.#client.request("thread/start", { cwd, ...this.choices.startParams });
    this.#show(opened);
    await this.choices.finishStart(opened.reasoningEffort);
    return opened.thread.id;
  }

  /** What is being written stays in the composer. */
  async #startWith({ cwd, input }: EditorNotificationParams<"editor/startThread">): Promise<void> {
    if (this.view || this.opening) this.newThread();
    try {
      await this.#sending(async () => {
        const threadId = await this.#startThread(cwd);
        await this.#client.request("turn/start", { threadId, input });
      });
    } catch (error) {
      this.notices.add({ text: t("sendFailed", { text: messageOf(error) }) });
    }
  }

  #show(opened: OpenedThread): void {
    if (this.view && this.view.thread.id !== opened.thread.id) this.#leave();
    this.view = viewOf(opened.thread);
    this.choices.show(settingsOfOpened(opened));
    for (const approval of this.approvals.ofThread(opened.thread.id)) applyApproval(this.view, approval);
    void this.#readOrigin(opened.thread);
    void this.review.read(this.view);
    void this.review.readLastRestore(this.view);
    this.#events.onThread(opened.thread.id);
    this.#changed();
  }

  async #readOrigin({ id, forkedFromId }: OpenedThread["thread"]): Promise<void> {
    this.origin = forkedFromId ? { threadId: forkedFromId } : undefined;
    if (!forkedFromId) return;
    const found = await this.#client.request("thread/read", { threadId: forkedFromId }).catch(() => undefined);
    if (!found || this.view?.thread.id !== id) return;
    this.origin = { threadId: forkedFromId, title: titleOf(found.thread) };
    this.#changed();
  }

  #leave(): void {
    const thread = this.view?.thread;
    this.notices.leaveThread(thread?.id);
    if (thread) this.#left.leave(thread);
  }

  #take(notification: ServerNotification): void {
    if (notification.method === "serverRequest/resolved") this.#answeredElsewhere(notification.params.requestId);
    if (notification.method === "warning") this.#warn(notification.params);
    if (notification.method === "thread/status/changed") this.#left.told(notification.params);
    if (notification.method === "change/updated") this.review.told(notification.params.path);
    if (notification.method === "account/updated") void this.#readAccount();
    if (notification.method === "rule/updated") this.rules.told(notification.params.rules);
    if (this.view) {
      if (notification.method === "thread/settings/updated" && notification.params.threadId === this.view.thread.id) {
        this.choices.show(settingsOfThread(notification.params.threadSettings));
      }
      this.#events.onChange(applyNotification(this.view, notification));
    }
    this.#events.onNotification(notification);
  }

  #answeredElsewhere(requestId: string | number): void {
    this.approvals.resolved(requestId);
    const known = this.view?.approvals.find((approval) => approval.requestId === requestId);
    if (known) this.#events.onChange({ kind: "turn", turnId: known.params.turnId });
  }

  #ask(approval: PendingApproval): Promise<ApprovalAnswer> {
    const answer = this.approvals.ask(approval);
    if (this.view) this.#events.onChange(applyApproval(this.view, approval));
    if (this.view?.thread.id === approval.params.threadId) {
      this.#events.onChange({ kind: "turn", turnId: approval.params.turnId });
    }
    this.#events.onApproval(approval);
    return answer;
  }

  #told(method: string, params: unknown): void {
    if (method === "editor/stateChanged") {
      this.#takeShell(params as EditorState);
    }
    if (method === "editor/showThread") {
      void this.openThread((params as EditorNotificationParams<"editor/showThread">).threadId);
    }
    if (method === "editor/startThread") {
      void this.#startWith(params as EditorNotificationParams<"editor/startThread">);
    }
    if (method === "editor/newThread") this.newThread();
    if (method === "editor/agentStopped") this.close();
    const request = shellRequest(method, params);
    if (request) this.#events.onShell(request);
  }

  #warn({ threadId, message, remedy }: NotificationParams<"warning">): void {
    if (!threadId || threadId === this.view?.thread.id) {
      this.notices.add({ text: message, threadId: threadId ?? undefined, remedy });
    }
  }

  #closed(): void {
    this.connection = "closed";
    this.approvals.clear();
    if (this.view) this.view.approvals = [];
    this.#changed();
  }

  async #readShell(): Promise<void> {
    this.#takeShell(await this.ask("editor/state", {}));
  }

  #takeShell(state: EditorState): void {
    this.editor = state;
    this.choices.setDefaults(state.defaults);
    this.#changed();
  }

  async #readAccount(): Promise<void> {
    const { account, requiresOpenaiAuth } = await this.#client.request("account/read", {});
    this.hasKey = account !== null || !requiresOpenaiAuth;
    if (this.hasKey) this.#takeModels(await listModels(this.#client));
    this.#changed();
  }

  #takeModels(listed: readonly ListedModel[]): void {
    this.models = listed.filter((model) => !model.hidden);
    const first = listed.find((model) => model.isDefault) ?? listed[0];
    if (this.view || !first || this.settings.model) return;
    this.choices.settings = { ...this.settings, model: first.model };
  }

  #changed(): void {
    this.#events.onChange({ kind: "panel" });
  }
}
