import { applyNotification } from "../../src/protocol/applyNotification.ts";
import type { ApprovalAnswer } from "../../src/protocol/approvals.ts";
import type {
  EditorNotificationParams,
  EditorRequestMethod,
  EditorRequestParams,
  EditorRequestResult,
  EditorState,
} from "../../src/protocol/editorMethods.ts";
import type {
  NotificationParams,
  RequestParams,
  RequestResult,
  ServerNotification,
} from "../../src/protocol/methods.ts";
import type { SandboxState } from "../../src/protocol/settings.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";
import type { PendingApproval, ThreadView } from "../../src/protocol/threadView.ts";
import { type Client, connectClient } from "../../src/rpc/client.ts";
import type { Transport } from "../../src/rpc/transport.ts";
import type { SavedState } from "../shell/vscodeApi.ts";
import { Account } from "./account.ts";
import { Approvals } from "./approvals.ts";
import { Choices, type LastingChoices } from "./choices.ts";
import type { Change } from "./frame.ts";
import { introduce } from "./introduce.ts";
import { listThreads, type ThreadQuery } from "./lists.ts";
import { Notices } from "./notices.ts";
import { OpenThread } from "./openThread.ts";
import { Review } from "./review.ts";
import { Rules } from "./rules.ts";
import { Sending } from "./sending.ts";
import { type PanelSettings, settingsOfNext, settingsOfOpened, settingsOfThread } from "./settings.ts";
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
  /** What confines commands; undefined until the server has said. */
  sandbox: SandboxState | undefined;
  editor: EditorState | undefined;
  readonly notices = new Notices(() => this.#changed());
  readonly thread: OpenThread;
  readonly approvals: Approvals;
  readonly choices: Choices;
  readonly sending: Sending;
  readonly account: Account;
  readonly review: Review;
  readonly rules: Rules;
  readonly #events: SessionEvents;
  readonly #client: Client;
  /** Resolves once the shell has said which folders are open, or could not. */
  #shellRead: Promise<void> | undefined;

  constructor(transport: Transport, events: SessionEvents) {
    this.#events = events;
    this.#client = connectClient(transport, {
      onNotification: (notification) => this.#take(notification),
      onServerRequest: (approval) => this.#ask(approval),
      onOtherNotification: (method, params) => this.#told(method, params),
      onClose: () => this.#closed(),
    });
    const client = this.#client;
    const { notices } = this;
    const { onChange, onLasting } = events;
    const changed = () => this.#changed();
    const view = () => this.view;
    const threadId = () => this.view?.thread.id;
    this.thread = new OpenThread({
      client,
      notices,
      onShown: (shown, opened) => this.#shown(shown, opened),
      onCleared: () => this.#cleared(),
      changed,
    });
    this.approvals = new Approvals({ view, onChange });
    this.choices = new Choices({ client, threadId, changed, onLasting });
    const folder = () => this.editor?.workspaceRoots[0];
    this.sending = new Sending({ client, thread: this.thread, choices: this.choices, notices, folder });
    this.account = new Account({ client, choices: this.choices, changed });
    this.rules = new Rules({ client, changed });
    this.review = new Review({ client, notices, view, onChange });
  }

  get view(): ThreadView | undefined {
    return this.thread.view;
  }

  get settings(): PanelSettings {
    return settingsOfNext(this.choices.settings, this.account.models);
  }

  /** Introduces the panel, learns what it needs, and goes on with what was saved. Rejects when the server refuses. */
  async start({ threadId, preset, editReview }: Pick<SavedState, "threadId" | "preset" | "editReview">): Promise<void> {
    this.choices.restore({ preset, editReview });
    const introduced = this.#introduce();
    const opened = threadId === undefined ? introduced : this.thread.restore(threadId, introduced);
    const knowsShell = introduced.then(() => this.#readShell());
    this.#shellRead = knowsShell.catch(() => {});
    const knowsKey = introduced.then(() => this.account.readKey());
    const begun = this.thread.openings.add(Promise.all([knowsShell, knowsKey, opened]));
    await Promise.all([begun, knowsKey.then(() => this.account.readModels())]);
    this.#changed();
  }

  async #introduce(): Promise<void> {
    this.sandbox = await introduce(this.#client);
    this.connection = "open";
  }

  async listThreads(query: ThreadQuery): Promise<RequestResult<"thread/list">> {
    await this.#shellRead;
    return listThreads(this.#client, this.editor?.workspaceRoots ?? [], query);
  }

  /** What a request of the open thread held. Rejects when nothing was sent. */
  readContext(which: Omit<RequestParams<"thread/context/read">, "threadId">) {
    return this.thread.request("thread/context/read", which);
  }

  async renameThread(threadId: string, name: string): Promise<void> {
    await this.#client.request("thread/name/set", { threadId, name });
  }

  async putAway(threadId: string, how: "archive" | "unarchive" | "delete"): Promise<void> {
    await this.#client.request(`thread/${how}`, { threadId });
    if (how !== "unarchive" && this.view?.thread.id === threadId) this.thread.clear();
  }

  /** Asks the shell around the panel. */
  async ask<M extends EditorRequestMethod>(method: M, params: EditorRequestParams<M>): Promise<EditorRequestResult<M>> {
    return (await this.#client.requestOther(method, params)) as EditorRequestResult<M>;
  }

  close(): void {
    this.#client.close();
  }

  #shown(view: ThreadView, opened: OpenedThread): void {
    this.choices.show(settingsOfOpened(opened));
    this.approvals.show(view);
    void this.review.read(view);
    void this.review.readLastRestore(view);
    this.#events.onThread(opened.thread.id);
    this.#changed();
  }

  #cleared(): void {
    this.choices.leaveThread();
    this.#events.onThread(undefined);
    this.#changed();
  }

  #take(notification: ServerNotification): void {
    if (notification.method === "serverRequest/resolved") this.approvals.resolved(notification.params.requestId);
    if (notification.method === "warning") this.#warn(notification.params);
    if (notification.method === "thread/status/changed") this.thread.told(notification.params);
    if (notification.method === "change/updated") this.review.told(notification.params.path);
    if (notification.method === "account/updated") this.account.told(notification.params);
    if (notification.method === "sandbox/updated") this.#noteSandbox(notification.params.sandbox);
    if (notification.method === "rule/updated") this.rules.told(notification.params.rules);
    if (this.view) {
      if (notification.method === "thread/settings/updated" && notification.params.threadId === this.view.thread.id) {
        this.choices.show(settingsOfThread(notification.params.threadSettings));
      }
      this.#events.onChange(applyNotification(this.view, notification));
    }
    this.#events.onNotification(notification);
  }

  #noteSandbox(sandbox: SandboxState): void {
    this.sandbox = sandbox;
    this.#changed();
  }

  #ask(approval: PendingApproval): Promise<ApprovalAnswer> {
    const answer = this.approvals.ask(approval);
    this.#events.onApproval(approval);
    return answer;
  }

  #told(method: string, params: unknown): void {
    if (method === "editor/stateChanged") {
      this.#takeShell(params as EditorState);
    }
    if (method === "editor/showThread") {
      void this.thread.restore((params as EditorNotificationParams<"editor/showThread">).threadId);
    }
    if (method === "editor/startThread") {
      void this.sending.startThread(params as EditorNotificationParams<"editor/startThread">);
    }
    if (method === "editor/newThread") this.thread.clear();
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

  #changed(): void {
    this.#events.onChange({ kind: "panel" });
  }
}
