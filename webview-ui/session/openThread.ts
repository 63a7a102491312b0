import type { NotificationParams, RequestParams, RequestResult } from "../../src/protocol/methods.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";
import { runningTurn, type ThreadView, viewOf } from "../../src/protocol/threadView.ts";
import { type Client, errorCodeOf } from "../../src/rpc/client.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import { titleOf } from "../words/titles.ts";
import { LeftThreads } from "./leftThreads.ts";
import type { ThreadMethod } from "./lists.ts";
import type { Notices } from "./notices.ts";
import { Openings } from "./openings.ts";

export interface OpenThreadOptions {
  client: Client;
  notices: Notices;
  /** A thread is shown: another one, or the same one read anew. */
  onShown(view: ThreadView, opened: OpenedThread): void;
  /** None is shown any more. */
  onCleared(): void;
  changed(): void;
}

/** The thread that is open in the panel, if one is. */
export class OpenThread {
  view: ThreadView | undefined;
  /** True while a thread is being opened. */
  opening = false;
  /** The thread that the open one began as a copy of; without a title while that is not known, or when it is gone. */
  origin: { threadId: string; title?: string } | undefined;
  readonly openings = new Openings();
  readonly #options: OpenThreadOptions;
  readonly #left: LeftThreads;
  /** What was said of the thread that did not open last. */
  #failure: string | undefined;

  constructor(options: OpenThreadOptions) {
    this.#options = options;
    this.#left = new LeftThreads(options.client);
  }

  /** Resolves once messages can be sent; false when the thread that was to be open by then is not. */
  async settled(): Promise<boolean> {
    const waited = await this.openings.over();
    const { wanted } = this.openings;
    return !waited || wanted === undefined || this.view?.thread.id === wanted;
  }

  /** Shows a thread; the open one is read anew. */
  open(threadId: string): Promise<void> {
    return this.openings.add(this.#open(threadId, (error) => this.#noteFailedOpening(threadId, error)));
  }

  /**
   * Shows the thread that was open when the window was last used, as soon as the server is `ready` to be asked, unless something else is
   * wanted by then. One that another window or program has by now is left to it: the panel stays empty. Rejects only as `ready` does.
   */
  restore(threadId: string, ready?: Promise<void>): Promise<void> {
    const failed = (error: unknown) => {
      if (errorCodeOf(error) !== "conflict") this.#noteFailedOpening(threadId, error);
      else if (!this.view) this.clear();
    };
    return this.openings.add(this.#open(threadId, failed, ready));
  }

  async #open(threadId: string, onFailure: (error: unknown) => void, ready?: Promise<void>): Promise<void> {
    const { changed } = this.#options;
    const isNewest = this.openings.want(threadId);
    this.#left.reopen(threadId);
    this.#forgetFailure();
    this.opening = true;
    changed();
    try {
      if (ready) await ready;
      if (isNewest()) await this.#resume(threadId, isNewest).catch((error) => isNewest() && onFailure(error));
    } finally {
      if (isNewest()) this.opening = false;
      changed();
    }
  }

  async #resume(threadId: string, isNewest: () => boolean): Promise<void> {
    const opened = await this.#options.client.request("thread/resume", { threadId });
    if (isNewest()) this.show(opened);
    else if (this.openings.wanted !== threadId && this.view?.thread.id !== threadId) this.#left.leave(opened.thread);
  }

  /** Opens a copy of a thread, such as of one that only another window may go on with. Rejects as the server does. */
  async openCopy(threadId: string): Promise<void> {
    const { thread } = await this.#options.client.request("thread/fork", { threadId });
    await this.open(thread.id);
  }

  /** Opens a copy of the open thread that ends before or after one of its turns. */
  async fork(until: { beforeTurnId: string } | { lastTurnId: string }): Promise<void> {
    const { thread } = await this.request("thread/fork", until);
    await this.open(thread.id);
  }

  /** Shows a thread that the server has opened for this client. */
  show(opened: OpenedThread): void {
    this.#forgetFailure();
    if (this.view && this.view.thread.id !== opened.thread.id) this.#leave();
    const view = viewOf(opened.thread);
    this.view = view;
    void this.#readOrigin(opened.thread);
    this.#options.onShown(view, opened);
  }

  /** Shows the empty panel; the thread itself is started with its first message. */
  clear(): void {
    this.openings.want(undefined);
    this.opening = false;
    this.#forgetFailure();
    this.#leave();
    this.view = undefined;
    this.#options.onCleared();
  }

  /** Asks something about the open thread. Rejects when none is open, and as the server does. */
  async request<M extends ThreadMethod>(
    method: M,
    params: Omit<RequestParams<M>, "threadId">,
  ): Promise<RequestResult<M>> {
    const threadId = this.view?.thread.id;
    if (threadId === undefined) throw new Error(t("noThreadOpen"));
    return this.#options.client.request(method, { threadId, ...params } as RequestParams<M>);
  }

  async stopTurn(): Promise<void> {
    const turn = this.view && runningTurn(this.view);
    if (turn) await this.request("turn/interrupt", { turnId: turn.id });
  }

  /** A thread works now, or does no longer; it need not be the open one. */
  told(status: NotificationParams<"thread/status/changed">): void {
    this.#left.told(status);
  }

  #noteFailedOpening(threadId: string, error: unknown): void {
    const text = t("openFailed", { text: messageOf(error) });
    this.#failure = text;
    this.#options.notices.add({ text, copyOf: errorCodeOf(error) === "conflict" ? threadId : undefined });
  }

  #forgetFailure(): void {
    if (this.#failure !== undefined) this.#options.notices.dismiss(this.#failure);
    this.#failure = undefined;
  }

  async #readOrigin({ id, forkedFromId }: OpenedThread["thread"]): Promise<void> {
    const { client, changed } = this.#options;
    this.origin = forkedFromId ? { threadId: forkedFromId } : undefined;
    if (!forkedFromId) return;
    const found = await client.request("thread/read", { threadId: forkedFromId }).catch(() => undefined);
    if (!found || this.view?.thread.id !== id) return;
    this.origin = { threadId: forkedFromId, title: titleOf(found.thread) };
    changed();
  }

  #leave(): void {
    const thread = this.view?.thread;
    this.#options.notices.leaveThread(thread?.id);
    if (thread) this.#left.leave(thread);
  }
}
