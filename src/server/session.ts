import type { Sandbox } from "../host/sandbox.ts";
import { AgentError } from "../protocol/errors.ts";
import { requests, type ServerNotification, type ServerRequestMethod, serverRequests } from "../protocol/methods.ts";
import { type Connection, connect, type IncomingRequest, RpcError, rpcErrorCodes } from "../rpc/connection.ts";
import type { Transport } from "../rpc/transport.ts";
import { AnswerOrder, ONE_BY_ONE } from "./answerOrder.ts";
import type { Asker, Handlers } from "./handler.ts";
import { isCallersFault } from "./handlers.ts";

/** What a session needs of the server it belongs to. */
export interface SessionServer {
  readonly handlers: Handlers;
  readonly home: string;
  readonly version: string;
  readonly platform: { readonly family: string; readonly os: string };
  readonly sandbox: Sandbox;
  now(): number;
  log(fault: unknown): void;
  /** The session watches this thread from now on; called in `subscribe`, before the answer. */
  onSubscribed(session: Session, threadId: string): void;
  onUnsubscribed(session: Session, threadId: string): void;
  onClosed(session: Session): void;
  /** Does what a request about a thread asks for, which stays loaded meanwhile. */
  during<T>(threadId: string, work: () => Promise<T>): Promise<T>;
}

/** How many requests of a client may be under way. */
const MAX_OPEN = 1000;

export interface AskedQuestion {
  readonly method: ServerRequestMethod;
  readonly params: unknown;
  /** False once somebody else has answered. */
  isOpen(): boolean;
  /** Told the id, which `serverRequest/resolved` will name. */
  onSent(requestId: number): void;
}

/** One connection of a client. */
export class Session {
  readonly #server: SessionServer;
  readonly #connection: Connection;
  readonly #order = new AnswerOrder();
  readonly #threads = new Set<string>();
  #state: "new" | "ready" | "closed" = "new";
  #muted = new Set<string>();
  /** Requests under way. */
  #open = 0;

  constructor(transport: Transport, server: SessionServer) {
    this.#server = server;
    this.#connection = connect(
      transport,
      {
        onRequest: (request) => this.#answerUnlessBusy(request),
        onNotification: () => {},
        onClose: () => {
          this.#state = "closed";
          server.onClosed(this);
        },
      },
      { now: server.now, onFault: server.log },
    );
  }

  /** True when the client wants to be told and asked about this thread. */
  watches(threadId: string): boolean {
    return this.#state === "ready" && this.#threads.has(threadId);
  }

  /** Those that the client wanted to be told about last. */
  get threads(): ReadonlySet<string> {
    return this.#threads;
  }

  notify({ method, params }: ServerNotification): void {
    if (this.#state !== "ready" || this.#muted.has(method)) return;
    this.#order.send(() => this.#connection.notify(method, params).catch(this.#server.log));
  }

  /** Asks the client, when its turn to be asked comes. Never rejects: a client that fails, or was not asked any more, has no answer. */
  ask({ method, params, isOpen, onSent }: AskedQuestion): Promise<unknown> {
    return new Promise((resolve) => {
      this.#order.send(() => {
        if (!isOpen()) return resolve(undefined);
        const { id, answer } = this.#connection.request(method, params);
        onSent(id);
        answer.then(
          (value) => resolve(this.#parseAnswer(method, value)),
          () => resolve(undefined),
        );
      });
    });
  }

  close(): void {
    this.#connection.close();
  }

  async #answerUnlessBusy(request: IncomingRequest): Promise<unknown> {
    if (this.#open >= MAX_OPEN)
      throw new RpcError(rpcErrorCodes.overloaded, "Too many requests are under way. Send this one again later.");
    this.#open++;
    try {
      return await this.#answer(request);
    } finally {
      this.#open--;
    }
  }

  async #answer(request: IncomingRequest): Promise<unknown> {
    const { method } = request;
    if (method === "initialize") return this.#initialize(request.params);
    if (this.#state === "new") throw new RpcError(rpcErrorCodes.invalidRequest, "Not initialized");
    const handle = Object.hasOwn(this.#server.handlers, method)
      ? this.#server.handlers[method as keyof Handlers]
      : undefined;
    if (!handle) throw new RpcError(rpcErrorCodes.methodNotFound, `Method not found: ${method}`);
    const params = parseParams(method as keyof Handlers, request.params);
    if (ONE_BY_ONE.has(method)) await this.#order.turnOf(request);
    const { threadId } = (params ?? {}) as { threadId?: unknown };
    const work = () => (handle as (params: unknown, asker: Asker) => Promise<unknown>)(params, this.#askerOf(request));
    try {
      return await (typeof threadId === "string" ? this.#server.during(threadId, work) : work());
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      const code = isCallersFault(error) ? rpcErrorCodes.invalidRequest : rpcErrorCodes.internalError;
      throw new RpcError(code, error.message, { code: error.code });
    }
  }

  #askerOf(request: IncomingRequest): Asker {
    return {
      hold: () => this.#order.hold(request),
      subscribe: (threadId) => this.#subscribe(threadId),
      unsubscribe: (threadId) => this.#unsubscribe(threadId),
      notify: (notification) => this.notify(notification),
    };
  }

  #subscribe(threadId: string): void {
    if (this.#threads.has(threadId)) return;
    this.#threads.add(threadId);
    this.#server.onSubscribed(this, threadId);
  }

  #unsubscribe(threadId: string): boolean {
    const watched = this.#threads.delete(threadId);
    if (watched) this.#server.onUnsubscribed(this, threadId);
    return watched;
  }

  async #initialize(given: unknown): Promise<unknown> {
    if (this.#state !== "new") throw new RpcError(rpcErrorCodes.invalidRequest, "Already initialized");
    const { clientInfo, capabilities } = parseParams("initialize", given) as {
      clientInfo: { name: string; version: string };
      capabilities?: { optOutNotificationMethods?: string[] | null } | null;
    };
    this.#muted = new Set(capabilities?.optOutNotificationMethods ?? []);
    this.#state = "ready";
    const { home, version, platform, sandbox } = this.#server;
    return {
      userAgent: `patchwright/${version} (${platform.os}) ${clientInfo.name}/${clientInfo.version}`,
      codexHome: home,
      platformFamily: platform.family,
      platformOs: platform.os,
      sandbox: await sandbox.ready,
    };
  }

  #parseAnswer(method: ServerRequestMethod, value: unknown): unknown {
    const parsed = serverRequests[method].result.safeParse(value);
    if (parsed.success) return parsed.data;
    this.#server.log(new Error(`A client answered ${method} with something else: ${parsed.error.message}`));
    return undefined;
  }
}

function parseParams(method: keyof typeof requests, params: unknown): unknown {
  const parsed = requests[method].params.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${["params", ...issue.path].join(".")}: ${issue.message}`);
  throw new RpcError(rpcErrorCodes.invalidParams, problems.join("; "));
}
