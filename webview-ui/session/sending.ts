import type { EditorNotificationParams } from "../../src/protocol/editorMethods.ts";
import { runningTurn } from "../../src/protocol/threadView.ts";
import type { Client } from "../../src/rpc/client.ts";
import { t } from "../strings.ts";
import { messageOf } from "../words/errors.ts";
import type { Choices } from "./choices.ts";
import type { Delivery } from "./delivery.ts";
import { type Draft, inputOf } from "./draft.ts";
import type { Notices } from "./notices.ts";
import type { OpenThread } from "./openThread.ts";

export interface SendingOptions {
  client: Client;
  thread: OpenThread;
  choices: Choices;
  notices: Notices;
  /** Where a thread works for which no folder is named. */
  folder(): string | undefined;
}

/** What the user says, on its way to the open thread; without one, it starts one. */
export class Sending {
  /** True while a message is on its way to the server. */
  active = false;
  readonly #options: SendingOptions;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  /**
   * Sends a message: it starts a turn, or with one running waits for its end or steers it. Rejects when the server does not take it; the
   * caller keeps the draft until then.
   */
  async send(draft: Draft, delivery: Delivery): Promise<void> {
    const { client, thread } = this.#options;
    await this.#during(async () => {
      const input = inputOf(draft);
      if (!thread.view) {
        // The user may have turned to another one by then.
        const threadId = await this.#startThread(null);
        await client.request("turn/start", { threadId, input });
        return;
      }
      const turn = runningTurn(thread.view);
      if (!turn) await thread.request("turn/start", { input });
      else if (delivery === "steer") await thread.request("turn/steer", { input, expectedTurnId: turn.id });
      else await thread.request("thread/queue/add", { input, clientUserMessageId: crypto.randomUUID() });
    });
  }

  /** Takes back a turn of the open thread and all after it, the one that runs included, and says this instead. Rejects as `send` does. */
  async sendInstead(turnId: string, draft: Draft): Promise<void> {
    const { client, thread } = this.#options;
    const threadId = thread.view?.thread.id ?? "";
    await this.#during(async () => {
      // A turn that ends by itself meanwhile needs no stop; if it still runs, the next request is refused and says so.
      await thread.stopTurn().catch(() => {});
      await client.request("thread/revert", { threadId, beforeTurnId: turnId });
      await client.request("turn/start", { threadId, input: inputOf(draft) });
    });
  }

  /** Starts a thread with a message of the shell. What is being written stays in the composer. */
  async startThread({ cwd, input }: EditorNotificationParams<"editor/startThread">): Promise<void> {
    const { client, thread, notices } = this.#options;
    if (thread.view || thread.opening) thread.clear();
    try {
      await this.#during(async () => {
        const threadId = await this.#startThread(cwd);
        await client.request("turn/start", { threadId, input });
      });
    } catch (error) {
      notices.add({ text: t("sendFailed", { text: messageOf(error) }) });
    }
  }

  /** What is chosen meanwhile waits for it. */
  #startThread(folder: string | null): Promise<string> {
    return this.#options.thread.openings.add(this.#start(folder));
  }

  async #start(folder: string | null): Promise<string> {
    const { client, thread, choices } = this.#options;
    const cwd = folder ?? this.#options.folder() ?? null;
    // One that did not open is not wanted any more.
    if (!thread.opening) thread.openings.want(undefined);
    const opened = await client.request("thread/start", { cwd, ...choices.startParams });
    thread.show(opened);
    await choices.finishStart(opened.reasoningEffort);
    return opened.thread.id;
  }

  async #during(work: () => Promise<void>): Promise<void> {
    this.active = true;
    try {
      await work();
    } finally {
      this.active = false;
    }
  }
}
