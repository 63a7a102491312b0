import type { Transport, WireMessage } from "./transport.ts";

/** Both ends of a channel inside one process. Messages are serialised, as on every wire, and delivered in order and asynchronously. */
export function memoryTransports(): [Transport, Transport] {
  const left = new End();
  const right = new End();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class End implements Transport {
  declare peer: End;
  #listener: ((message: WireMessage) => void) | undefined;
  #early: WireMessage[] = [];
  #closeListeners: (() => void)[] = [];
  #closed = false;

  async send(message: WireMessage): Promise<void> {
    if (this.#closed) return;
    const text = JSON.stringify(message);
    queueMicrotask(() => this.peer.#deliver(JSON.parse(text)));
  }

  onMessage(listener: (message: WireMessage) => void): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const message of early) listener(message);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.peer.close());
    for (const listener of this.#closeListeners) listener();
  }

  #deliver(message: WireMessage): void {
    if (this.#closed) return;
    if (this.#listener) this.#listener(message);
    else this.#early.push(message);
  }
}
