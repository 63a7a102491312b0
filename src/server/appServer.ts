import { Agent } from "../core/agent.ts";
import type { Clients } from "../core/clients.ts";
import type { AgentDeps } from "../core/threadDeps.ts";
import { AgentError, throwIfAborted } from "../protocol/errors.ts";
import type {
  ServerNotification,
  ServerRequestMethod,
  ServerRequestParams,
  ServerRequestResult,
} from "../protocol/methods.ts";
import type { Transport } from "../rpc/transport.ts";
import { type Account, handlersFor } from "./handlers.ts";
import { redactedTransport } from "./redactedTransport.ts";
import { Session } from "./session.ts";

export interface AppServerOptions extends Omit<AgentDeps, "clients"> {
  /** What to do with a question when no client watches the thread: wait for one, or decline. */
  readonly unwatched: "wait" | "decline";
  readonly account: Account;
}

/** A question that waits. */
interface OpenQuestion {
  readonly method: ServerRequestMethod;
  readonly params: { readonly threadId: string };
  /** Who may still answer it. */
  readonly asked: Set<Session>;
  /** Where it was sent, with its id there. */
  readonly sentTo: Map<Session, number>;
  answer(value: unknown): void;
}

/** Notifications that every client gets, whether it watches the thread or not: enough to keep a list of threads. */
const FOR_ALL = new Set<ServerNotification["method"]>([
  "thread/started",
  "thread/status/changed",
  "thread/name/updated",
  "thread/archived",
  "thread/unarchived",
  "thread/deleted",
  "thread/closed",
  "account/updated",
  "change/updated",
  "rule/updated",
]);

/** One agent, many clients. */
export class AppServer {
  readonly #agent: Agent;
  readonly #options: AppServerOptions;
  readonly #sessions = new Set<Session>();
  /** Hears when other commands than before are confined. */
  readonly #sandbox: { dispose(): void };
  readonly #questions = new Set<OpenQuestion>();
  /** How many requests about a thread are under way. */
  readonly #asking = new Map<string, number>();

  constructor(options: AppServerOptions) {
    this.#options = options;
    const clients: Clients = {
      notify: (notification) => this.#notify(notification),
      use: (threadId) => this.#uses(threadId),
      ask: (method, params, signal) => this.#ask(method, params, signal),
    };
    this.#agent = new Agent({ ...options, clients });
    this.#sandbox = options.host.sandbox.onChange((sandbox) =>
      this.#notify({ method: "sandbox/updated", params: { sandbox } }),
    );
  }

  /** Serves a client until its transport closes. */
  connect(transport: Transport): void {
    const { host, version, clock, log, secrets } = this.#options;
    const { os } = host.platform;
    const session = new Session(redactedTransport(transport, secrets), {
      handlers: handlersFor(this.#agent, this.#options.account),
      home: host.storage.root,
      version,
      platform: { family: os === "windows" ? "windows" : "unix", os },
      sandbox: host.sandbox,
      now: () => clock.now(),
      log: (fault) => log(secrets.fault(fault)),
      onSubscribed: (joined, threadId) => this.#askAgain(joined, threadId),
      onUnsubscribed: (left, threadId) => this.#leave(left, threadId),
      onClosed: (closed) => this.#forget(closed),
      during: (threadId, work) => this.#during(threadId, work),
    });
    this.#sessions.add(session);
  }

  /** Tells the clients that the key changed: `present` says whether there is one now. */
  keyChanged(present: "present" | "absent"): void {
    this.#notify({
      method: "account/updated",
      params: { authMode: present === "present" ? "apikey" : null, planType: null },
    });
  }

  /** Ends all turns and commands, then the sessions. */
  async dispose(): Promise<void> {
    this.#sandbox.dispose();
    await this.#agent.dispose();
    for (const session of this.#sessions) session.close();
  }

  #notify(notification: ServerNotification): void {
    const { method, params } = notification;
    const threadId = "threadId" in params ? params.threadId : undefined;
    for (const session of this.#sessions) {
      if (FOR_ALL.has(method) || (typeof threadId === "string" ? session.watches(threadId) : true))
        session.notify(notification);
    }
  }

  async #ask<M extends ServerRequestMethod>(
    method: M,
    params: ServerRequestParams<M>,
    signal: AbortSignal,
  ): Promise<ServerRequestResult<M> | undefined> {
    throwIfAborted(signal);
    const { promise, resolve, reject } = Promise.withResolvers<ServerRequestResult<M> | undefined>();
    const question: OpenQuestion = {
      method,
      params,
      asked: new Set(),
      sentTo: new Map(),
      answer: (value) => resolve(value as ServerRequestResult<M>),
    };
    const stop = () => reject(new AgentError("aborted", "The turn was stopped."));
    signal.addEventListener("abort", stop);
    this.#questions.add(question);
    const watching = [...this.#sessions].filter((session) => session.watches(params.threadId));
    for (const session of watching) this.#put(question, session);
    this.#settleUnwatched(question);
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#questions.delete(question);
      this.#resolved(question);
    }
  }

  #put(question: OpenQuestion, session: Session): void {
    const { method, params, asked, sentTo } = question;
    asked.add(session);
    const answer = session.ask({
      method,
      params,
      isOpen: () => this.#questions.has(question),
      onSent: (requestId) => sentTo.set(session, requestId),
    });
    void answer.then((value) => {
      if (value !== undefined) question.answer(value);
      else this.#giveUp(question, session);
    });
  }

  /** A client that left, or answered something else, will not answer any more. */
  #giveUp(question: OpenQuestion, session: Session): void {
    question.asked.delete(session);
    this.#settleUnwatched(question);
  }

  #settleUnwatched({ asked, answer }: OpenQuestion): void {
    if (asked.size === 0 && this.#options.unwatched === "decline") answer(undefined);
  }

  #leave(session: Session, threadId: string): void {
    for (const question of this.#questions) if (question.params.threadId === threadId) this.#giveUp(question, session);
    void this.#agent.loaded.letGo(threadId);
  }

  #uses(threadId: string): boolean {
    return this.#asking.has(threadId) || [...this.#sessions].some((session) => session.watches(threadId));
  }

  async #during<T>(threadId: string, work: () => Promise<T>): Promise<T> {
    this.#asking.set(threadId, (this.#asking.get(threadId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#asking.get(threadId) ?? 1) - 1;
      if (left > 0) this.#asking.set(threadId, left);
      else this.#asking.delete(threadId);
      void this.#agent.loaded.letGo(threadId);
    }
  }

  /** A client that joins is asked what is still open. */
  #askAgain(session: Session, threadId: string): void {
    for (const question of this.#questions) {
      if (question.params.threadId === threadId && !question.asked.has(session)) this.#put(question, session);
    }
  }

  #resolved({ params, sentTo }: OpenQuestion): void {
    for (const [session, requestId] of sentTo) {
      session.notify({ method: "serverRequest/resolved", params: { threadId: params.threadId, requestId } });
    }
  }

  #forget(session: Session): void {
    this.#sessions.delete(session);
    for (const question of this.#questions) {
      question.sentTo.delete(session);
      this.#giveUp(question, session);
    }
    for (const threadId of session.threads) void this.#agent.loaded.letGo(threadId);
  }
}
