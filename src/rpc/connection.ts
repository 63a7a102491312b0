import { JSONRPCClient, JSONRPCErrorException, type JSONRPCResponse, JSONRPCServer } from "json-rpc-2.0";
import type { Transport, WireMessage } from "./transport.ts";

/** The codes of JSON-RPC and of the app server protocol. */
export const rpcErrorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  overloaded: -32001,
} as const;

/** An answer that is an error: thrown by a request handler, and what `request` rejects with. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  /** What the sender of the error adds for programs, such as the AgentError code. */
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** One request as its handler gets it. */
export interface IncomingRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params: unknown;
  /** Calls back once the answer has been sent, so that what follows from the request cannot overtake its answer. */
  afterAnswer(callback: () => void): void;
}

export interface ConnectionHandlers {
  /** Its result is the answer; an RpcError becomes an error answer, anything else an internal error. */
  onRequest(request: IncomingRequest): Promise<unknown>;
  onNotification(method: string, params: unknown): void;
  /** Called once; requests that are under way have been rejected by then. */
  onClose?(): void;
}

export interface ConnectionOptions {
  /** Unix milliseconds. Given by the server's end, whose notifications carry `emittedAtMs`. */
  readonly now?: (() => number) | undefined;
  /** Told of a handler that threw something that is not an RpcError, and of a message that is none. */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

/** A request under way: its id, for matching it with `serverRequest/resolved`, and its answer. */
export interface SentRequest {
  readonly id: number;
  readonly answer: Promise<unknown>;
}

/** One end of a JSON-RPC connection. Both ends may ask. Ids count from 1 in each direction. */
export interface Connection {
  request(method: string, params: unknown): SentRequest;
  /** Resolves when the transport has taken it. */
  notify(method: string, params?: unknown): Promise<void>;
  close(): void;
}

/** The wire leaves the `jsonrpc` member out; the library works with it. */
const version = { jsonrpc: "2.0" } as const;

export function connect(
  transport: Transport,
  handlers: ConnectionHandlers,
  options: ConnectionOptions = {},
): Connection {
  const fault = options.onFault ?? (() => {});
  const send = ({ jsonrpc: _version, ...message }: WireMessage) => transport.send(message);
  const client = new JSONRPCClient((message: WireMessage) => send(message));
  const answers = answerer(handlers, fault);
  let nextId = 1;
  let closed = false;

  const incoming = inOrder((message) => {
    if (typeof message.method === "string" && message.id === undefined) {
      handlers.onNotification(message.method, message.params);
    } else if (typeof message.method === "string") {
      void answers(message, send);
    } else if (message.id !== undefined && message.id !== null) {
      client.receive({ ...version, ...message } as Parameters<typeof client.receive>[0]);
      return "answer";
    } else {
      // Its members are not repeated: they may hold a key.
      fault(new Error(`Not a JSON-RPC message: an object with ${Object.keys(message).join(", ") || "no members"}.`));
    }
    return "other";
  });
  transport.onMessage(incoming.take);
  transport.onClose(() => {
    closed = true;
    incoming.takeWaiting();
    client.rejectAllPendingRequests("The connection was closed.");
    handlers.onClose?.();
  });

  return {
    request(method, params) {
      const id = nextId++;
      if (closed) return { id, answer: Promise.reject(closedError()) };
      const sent = client.requestAdvanced({ ...version, id, method, params: params as object });
      return { id, answer: unwrap(sent) };
    },
    notify(method, params) {
      const stamp = options.now ? { emittedAtMs: options.now() } : {};
      return send({ method, ...(params === undefined ? {} : { params }), ...stamp });
    },
    close: () => transport.close(),
  };
}

/** Promises between an answer's arrival and whoever awaits it, generously: a few of the library, a few of the callers. */
const STEPS_TO_THE_CALLER = 12;

/**
 * Messages in the order in which they came, as their receivers see them: what follows an answer is delivered once whoever awaits the
 * answer has had it. Otherwise a client that shows what an answer holds would miss what it is told right after it.
 */
function inOrder(receive: (message: WireMessage) => "answer" | "other") {
  const waiting: WireMessage[] = [];
  let busy = false;
  const deliver = (message: WireMessage) => {
    if (receive(message) === "answer") void afterAnswer();
  };
  const afterAnswer = async () => {
    busy = true;
    for (let step = 0; step < STEPS_TO_THE_CALLER; step++) await undefined;
    busy = false;
    while (!busy && waiting.length > 0) deliver(waiting.shift() as WireMessage);
  };
  return {
    take(message: WireMessage): void {
      if (busy) waiting.push(message);
      else deliver(message);
    },
    /** Delivers at once what waits, when nothing more will come. */
    takeWaiting(): void {
      for (const message of waiting.splice(0)) receive(message);
    },
  };
}

function closedError(): RpcError {
  return new RpcError(rpcErrorCodes.internalError, "The connection was closed.");
}

async function unwrap(sent: PromiseLike<JSONRPCResponse>): Promise<unknown> {
  const { error, result } = await sent;
  if (error) throw new RpcError(error.code, error.message, error.data);
  return result;
}

/** Answers requests through the library's server, then runs what waits for the answer to be on its way. */
function answerer(handlers: ConnectionHandlers, fault: (fault: unknown) => void) {
  const server = new JSONRPCServer<(() => void)[]>({ errorListener: () => {} });
  server.applyMiddleware(async (_next, { id, method, params }, callbacks) => {
    if (typeof id !== "string" && typeof id !== "number") return null;
    try {
      const result = await handlers.onRequest({
        id,
        method,
        params,
        afterAnswer: (callback) => callbacks.push(callback),
      });
      return { ...version, id, result: result ?? {} };
    } catch (error) {
      if (error instanceof RpcError) throw new JSONRPCErrorException(error.message, error.code, error.data);
      fault(error);
      throw new JSONRPCErrorException("Internal error", rpcErrorCodes.internalError, undefined);
    }
  });
  return async (message: WireMessage, send: (message: WireMessage) => Promise<void>) => {
    const request = { ...version, ...message } as Parameters<typeof server.receiveJSON>[0] & object;
    const callbacks: (() => void)[] = [];
    const response = await server.receive(request, callbacks);
    const sent = response ? send(response as unknown as WireMessage) : undefined;
    for (const callback of callbacks) callback();
    await sent?.catch(fault);
  };
}
