import { messagePortTransport, type PortTransport } from "../rpc/messagePort.ts";
import type { WireMessage } from "../rpc/transport.ts";

/** What is kept for a hidden page. With more than that its session ends; the page reads its thread anew when it is shown. */
const maxHeld = 2000;

/**
 * One loading of the panel's page, known by the id that it gave itself. Every message carries that id in both directions, so that what was
 * meant for one loading never reaches another.
 */
export class PageLink {
  readonly page: string;
  readonly transport: PortTransport;
  readonly #postRaw: (message: WireMessage) => unknown;
  #deliver: (message: WireMessage) => void = () => {};
  /** Messages are posted while "shown"; a page that was hidden may be gone, so they wait until it has answered. */
  #state: "shown" | "hidden" | "closed" = "shown";
  #held: WireMessage[] = [];
  /** True once the page listens to what it did not ask for. */
  ready = false;

  constructor(page: string, postRaw: (message: WireMessage) => unknown) {
    this.page = page;
    this.#postRaw = postRaw;
    this.transport = messagePortTransport({
      post: (message) => this.post(message),
      listen: (listener) => {
        this.#deliver = listener;
      },
    });
    this.transport.onClose(() => {
      if (this.#state === "shown") void postRaw({ method: "editor/agentStopped", page });
      this.close();
    });
  }

  /** Hands a message of the page to whoever is connected. */
  deliver(message: WireMessage): void {
    this.#deliver(message);
  }

  async post(message: WireMessage): Promise<void> {
    if (this.#state === "shown") await this.#postRaw({ ...message, page: this.page });
    else if (this.#state === "hidden" && this.#held.push(message) > maxHeld) this.close();
  }

  hide(): void {
    if (this.#state === "shown") this.#state = "hidden";
  }

  /** Asks the page, which is visible again, whether it is still there. */
  probe(): void {
    if (this.#state === "hidden") void this.#postRaw({ method: "editor/ping", page: this.page });
  }

  /** The page is still there: it gets what it missed. */
  resume(): void {
    if (this.#state !== "hidden") return;
    this.#state = "shown";
    for (const message of this.#held.splice(0)) void this.post(message);
  }

  get open(): boolean {
    return this.#state !== "closed";
  }

  get listening(): boolean {
    return this.ready && this.#state === "shown";
  }

  close(): void {
    this.#state = "closed";
    this.#held = [];
    this.transport.closed();
  }
}
