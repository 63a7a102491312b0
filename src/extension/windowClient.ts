import { applyApproval, applyNotification } from "../protocol/applyNotification.ts";
import type { ApprovalAnswer } from "../protocol/approvals.ts";
import type { ItemOf } from "../protocol/items.ts";
import type { NotificationParams, ServerNotification } from "../protocol/methods.ts";
import type { SandboxState } from "../protocol/settings.ts";
import type { OpenedThread } from "../protocol/threadMethods.ts";
import { type PendingApproval, runningTurn, type ThreadView, viewOf } from "../protocol/threadView.ts";
import { type Client, connectClient } from "../rpc/client.ts";
import type { Transport } from "../rpc/transport.ts";
import { ReviewFiles } from "./review/reviewFiles.ts";

/** What happened, for those parts of the window that show it. */
export type WindowEvent =
  /** A thread's state, the account or the number of questions. */
  | { readonly kind: "changed" }
  | { readonly kind: "asked"; readonly approval: PendingApproval }
  /** A file change has begun, has come further while the model writes it, or has ended. */
  | { readonly kind: "fileChange"; readonly view: ThreadView; readonly item: ItemOf<"fileChange"> }
  /** A question was answered, here or elsewhere, or withdrawn. */
  | { readonly kind: "settled"; readonly approval: PendingApproval };

interface Question {
  readonly approval: PendingApproval;
  answer(answer: ApprovalAnswer): void;
}

export interface WindowClientOptions {
  readonly version: string;
  /** Told of requests that failed and that nobody waits for. */
  onFault(error: unknown): void;
}

/**
 * The window as a client of the app server, beside the panel: for the status bar, the code actions, the diffs and review.
 * It follows every thread that is at work, so that a question finds the user also while the panel is closed.
 */
export class WindowClient {
  readonly #options: WindowClientOptions;
  readonly #client: Client;
  readonly #views = new Map<string, ThreadView>();
  readonly #questions = new Map<string | number, Question>();
  /** Threads in which the user is asked before each edit. */
  readonly #asking = new Set<string>();
  readonly #listeners = new Set<(event: WindowEvent) => void>();
  /** The changes that wait for the user's review. */
  readonly review = new ReviewFiles((method, params) => this.#client.request(method, params));
  /** Undefined until the server has said. */
  hasKey: boolean | undefined;
  /** What confines commands on this machine; undefined until the server has said. */
  sandbox: SandboxState | undefined;

  constructor(transport: Transport, options: WindowClientOptions) {
    this.#options = options;
    this.#client = connectClient(transport, {
      onNotification: (notification) => this.#take(notification),
      onServerRequest: (approval) => this.#ask(approval),
    });
  }

  async start(): Promise<void> {
    const { version } = this.#options;
    const { sandbox } = await this.#client.request("initialize", {
      clientInfo: { name: "patchwright-window", title: "Patchwright window", version },
      capabilities: { experimentalApi: true },
    });
    this.sandbox = sandbox;
    await this.#client.notify("initialized");
    await Promise.all([this.#readAccount(), this.review.load().catch(this.#options.onFault)]);
  }

  onEvent(listener: (event: WindowEvent) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** True for a thread in which the user is asked before each edit, as far as its settings say. */
  asksBeforeEdits(threadId: string): boolean {
    return this.#asking.has(threadId);
  }

  /** Threads at work. */
  views(): ThreadView[] {
    return [...this.#views.values()];
  }

  /** Questions that wait for the user, oldest first. */
  approvals(): PendingApproval[] {
    return [...this.#questions.values()].map(({ approval }) => approval);
  }

  /** Answers for this window; the first answer of any client counts. */
  answer(requestId: string | number, answer: ApprovalAnswer): void {
    this.#questions.get(requestId)?.answer(answer);
  }

  /** The thread as it stands: the one that is followed, else as the server reads it. */
  async readThread(threadId: string): Promise<ThreadView> {
    const view = this.#views.get(threadId);
    if (view) return view;
    return viewOf((await this.#client.request("thread/read", { threadId, includeTurns: true })).thread);
  }

  /** Stops every running turn. */
  async stopAll(): Promise<void> {
    const running = this.views().flatMap((view) => {
      const turn = runningTurn(view);
      return turn ? [{ threadId: view.thread.id, turnId: turn.id }] : [];
    });
    await Promise.all(running.map((ids) => this.#client.request("turn/interrupt", ids)));
  }

  close(): void {
    this.#client.close();
  }

  #emit(event: WindowEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #take(notification: ServerNotification): void {
    if (notification.method === "account/updated") void this.#readAccount();
    if (notification.method === "sandbox/updated") this.#noteSandbox(notification.params.sandbox);
    if (notification.method === "serverRequest/resolved") this.#settle(notification.params.requestId);
    for (const view of this.#views.values()) this.#apply(view, notification);
    if (notification.method === "thread/settings/updated") this.#noteSettings(notification.params);
    if (notification.method === "change/updated") this.review.take(notification.params);
    if (notification.method === "thread/status/changed") this.#noteStatus(notification.params);
  }

  #apply(view: ThreadView, notification: ServerNotification): void {
    applyNotification(view, notification);
    const place = placeOf(notification);
    if (place?.threadId !== view.thread.id) return;
    const item = view.turns.at(-1)?.items.findLast(({ id }) => id === place.itemId);
    if (item?.type === "fileChange") this.#emit({ kind: "fileChange", view, item });
  }

  #noteSandbox(sandbox: SandboxState): void {
    this.sandbox = sandbox;
    this.#emit({ kind: "changed" });
  }

  #noteSettings({ threadId, threadSettings }: NotificationParams<"thread/settings/updated">): void {
    const { editReview = "before", approvalPolicy, sandboxPolicy } = threadSettings;
    this.#noteAsking(threadId, { editReview, approvalPolicy, sandbox: sandboxPolicy });
  }

  #noteAsking(
    threadId: string,
    { editReview, approvalPolicy, sandbox }: Pick<OpenedThread, "editReview" | "approvalPolicy" | "sandbox">,
  ): void {
    const asks = sandbox.type === "dangerFullAccess" ? approvalPolicy === "untrusted" : approvalPolicy !== "never";
    if (asks && (editReview !== "after" || approvalPolicy === "untrusted")) this.#asking.add(threadId);
    else this.#asking.delete(threadId);
  }

  #noteStatus({ threadId, status }: { threadId: string; status: ThreadView["thread"]["status"] }): void {
    if (status.type !== "active") this.#leave(threadId);
    else if (!this.#views.has(threadId)) void this.#follow(threadId).catch(this.#options.onFault);
    this.#emit({ kind: "changed" });
  }

  async #follow(threadId: string): Promise<void> {
    const opened = await this.#client.request("thread/resume", { threadId });
    const { thread } = opened;
    this.#noteAsking(threadId, opened);
    if (thread.status.type === "active") this.#views.set(threadId, viewOf(thread));
    else this.#leave(threadId);
    this.#emit({ kind: "changed" });
  }

  /** A thread that is not at work is nobody's business here: another window may go on with it once the panel has left it, too. */
  #leave(threadId: string): void {
    this.#views.delete(threadId);
    this.#client.request("thread/unsubscribe", { threadId }).catch(() => {});
  }

  #ask(approval: PendingApproval): Promise<ApprovalAnswer> {
    return new Promise((resolve) => {
      this.#questions.set(approval.requestId, { approval, answer: resolve });
      for (const view of this.#views.values()) applyApproval(view, approval);
      this.#emit({ kind: "asked", approval });
      this.#emit({ kind: "changed" });
    });
  }

  #settle(requestId: string | number): void {
    const question = this.#questions.get(requestId);
    if (!question) return;
    this.#questions.delete(requestId);
    this.#emit({ kind: "settled", approval: question.approval });
    this.#emit({ kind: "changed" });
  }

  async #readAccount(): Promise<void> {
    try {
      const { account } = await this.#client.request("account/read", {});
      this.hasKey = account !== null;
      this.#emit({ kind: "changed" });
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}

/** The item that has begun, ended, or come further as a patch that is being written. */
function placeOf({ method, params }: ServerNotification): { threadId: string; itemId: string } | undefined {
  if (method === "item/fileChange/patchUpdated") return params;
  if (method !== "item/started" && method !== "item/completed") return undefined;
  return { threadId: params.threadId, itemId: params.item.id };
}
