import type {
  RequestMethod,
  RequestParams,
  RequestResult,
  ServerNotification,
  ServerRequestMethod,
  ServerRequestResult,
} from "../protocol/methods.ts";
import type { PendingApproval } from "../protocol/threadView.ts";
import { type Connection, connect, type IncomingRequest, RpcError } from "./connection.ts";
import type { Transport } from "./transport.ts";

export interface ClientHandlers {
  onNotification(notification: ServerNotification): void;
  /** May wait for the user as long as it takes; the server ignores answers that come after another client's. */
  onServerRequest(request: PendingApproval): Promise<ServerRequestResult<ServerRequestMethod>>;
  /** Methods that are not the app server's, such as those of the shell around the panel. */
  onOtherNotification?(method: string, params: unknown): void;
  onClose?(): void;
}

/** The client's end, typed by the method table. The types hold what the server promises; nothing is validated here. */
export interface Client {
  request<M extends RequestMethod>(method: M, params: RequestParams<M>): Promise<RequestResult<M>>;
  /** For methods beside the table. */
  requestOther(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params?: unknown): Promise<void>;
  close(): void;
}

export function connectClient(transport: Transport, handlers: ClientHandlers): Client {
  const connection: Connection = connect(transport, {
    onRequest: ({ id, method, params }: IncomingRequest) =>
      handlers.onServerRequest({ requestId: id, method, params } as PendingApproval),
    onNotification(method, params) {
      if (method.startsWith("editor/")) handlers.onOtherNotification?.(method, params);
      else handlers.onNotification({ method, params } as ServerNotification);
    },
    onClose: () => handlers.onClose?.(),
  });
  return {
    request: (method, params) => connection.request(method, params).answer as Promise<never>,
    requestOther: (method, params) => connection.request(method, params).answer,
    notify: (method, params) => connection.notify(method, params),
    close: () => connection.close(),
  };
}

/** Of which kind the error is that the server rejects a request with: the code of its AgentError; undefined for all others. */
export function errorCodeOf(error: unknown): unknown {
  return error instanceof RpcError ? (error.data as { code?: unknown } | undefined)?.code : undefined;
}
