import { createHash } from "node:crypto";
import * as z from "zod";
import type { Storage } from "../host/storage.ts";
import type { WireMessage } from "../rpc/transport.ts";

const kept = z.object({ threadId: z.string() });

export interface OpenThreadOptions {
  readonly storage: Storage;
  /** What tells this workspace from others: the address of its file or of its folders. */
  readonly workspace: string;
  onFault(fault: unknown): void;
}

/**
 * Which thread the panel of a workspace shows, as its requests tell. The page remembers it too, but the editor keeps that only now and then:
 * a window that reloads at once would lose it.
 */
export class OpenThread {
  readonly #options: OpenThreadOptions;
  readonly #name: string;
  #id: string | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(options: OpenThreadOptions) {
    this.#options = options;
    const digest = createHash("sha256").update(options.workspace).digest("hex").slice(0, 16);
    this.#name = `windows/${digest}.json`;
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** Reads what an earlier window kept; anything that is not right counts as nothing. */
  async load(): Promise<void> {
    try {
      const text = await this.#options.storage.read(this.#name);
      this.#id = text === undefined ? undefined : kept.parse(JSON.parse(text)).threadId;
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  observe({ method, params }: WireMessage): void {
    const threadId = (params as { threadId?: unknown } | undefined)?.threadId;
    if (typeof threadId !== "string") return;
    if (opensThread(method) && threadId !== this.#id) this.#keep(threadId);
    if (leavesThread(method) && threadId === this.#id) this.#keep(undefined);
  }

  #keep(threadId: string | undefined): void {
    const { storage, onFault } = this.#options;
    this.#id = threadId;
    const write = () =>
      threadId === undefined ? storage.remove(this.#name) : storage.write(this.#name, JSON.stringify({ threadId }));
    this.#written = this.#written.then(write).catch(onFault);
  }
}

/** True for the requests that a panel sends about the thread that it shows. */
export function opensThread(method: unknown): boolean {
  return method === "thread/resume" || method === "turn/start";
}

function leavesThread(method: unknown): boolean {
  return method === "thread/unsubscribe" || method === "thread/delete";
}
