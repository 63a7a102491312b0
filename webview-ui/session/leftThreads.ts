import type { NotificationParams } from "../../src/protocol/methods.ts";
import type { OpenedThread } from "../../src/protocol/threadMethods.ts";
import type { Client } from "../../src/rpc/client.ts";

/** Threads that the user turned away from. One at work keeps this client, which alone may be able to answer its questions, until it is done. */
export class LeftThreads {
  readonly #client: Client;
  readonly #atWork = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  leave({ id, status }: Pick<OpenedThread["thread"], "id" | "status">): void {
    if (status.type === "active") this.#atWork.add(id);
    else this.#unsubscribe(id);
  }

  told({ threadId, status }: NotificationParams<"thread/status/changed">): void {
    if (status.type !== "active" && this.#atWork.delete(threadId)) this.#unsubscribe(threadId);
  }

  /** The thread is open here again. */
  reopen(threadId: string): void {
    this.#atWork.delete(threadId);
  }

  #unsubscribe(threadId: string): void {
    this.#client.request("thread/unsubscribe", { threadId }).catch(() => {});
  }
}
