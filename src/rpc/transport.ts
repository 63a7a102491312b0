/** One JSON-RPC message, without the `jsonrpc` member. */
export type WireMessage = { readonly [member: string]: unknown };

/**
 * A two-way channel of JSON messages in order. What is sent is not kept: a transport may serialise or clone it at once.
 * `close` is idempotent; after either end closes, nothing more is delivered and `onClose` listeners have been told once.
 */
export interface Transport {
  /** Resolves when the message was handed over; the caller awaits it before sending many more. */
  send(message: WireMessage): Promise<void>;
  /** One listener; messages that came before it are delivered first. */
  onMessage(listener: (message: WireMessage) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
