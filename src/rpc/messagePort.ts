import type { Transport, WireMessage } from "./transport.ts";

/** What a webview and its extension have in common with a MessagePort: posting, and a listener for what the other side posts. */
export interface MessagePortLike {
  post(message: WireMessage): unknown;
  /** Registers the one listener for incoming values; these come from outside and may be anything. */
  listen(listener: (value: unknown) => void): void;
}

export interface PortTransport extends Transport {
  /** For the owner of the port to say that the other side is gone. */
  closed(): void;
}

/** A transport over a message port. Values that are not objects are dropped. */
export function messagePortTransport(port: MessagePortLike): PortTransport {
  let listener: ((message: WireMessage) => void) | undefined;
  const early: WireMessage[] = [];
  const closeListeners: (() => void)[] = [];
  let open = true;

  port.listen((value) => {
    if (!open || typeof value !== "object" || value === null || Array.isArray(value)) return;
    if (listener) listener(value as WireMessage);
    else early.push(value as WireMessage);
  });

  const close = () => {
    if (!open) return;
    open = false;
    for (const told of closeListeners) told();
  };
  return {
    async send(message) {
      if (open) await port.post(message);
    },
    onMessage(next) {
      listener = next;
      for (const message of early.splice(0)) next(message);
    },
    onClose(told) {
      closeListeners.push(told);
    },
    close,
    closed: close,
  };
}
