import type { RequestParams } from "../../src/protocol/methods.ts";
import type { EditReview } from "../../src/protocol/settings.ts";
import type { Client } from "../../src/rpc/client.ts";
import { modes, type PanelSettings, type PickableMode } from "./settings.ts";

export interface ChoicesOptions {
  client: Client;
  /** The open thread; undefined before there is one. */
  threadId(): string | undefined;
  changed(): void;
  /** When the user reviews edits was chosen: it holds for later threads, too. */
  onEditReview(editReview: EditReview): void;
}

/** What the open thread works with, and what the user picked for the next one. What they did not pick, the server decides. */
export class Choices {
  settings: PanelSettings = { mode: "ask", editReview: "before" };
  readonly #options: ChoicesOptions;
  #picked: { model?: string; effort?: string | undefined; mode?: PickableMode; editReview?: EditReview } = {};

  constructor(options: ChoicesOptions) {
    this.#options = options;
  }

  /** The effort for the next thread, which is set once the thread is there. */
  get effort(): string | undefined {
    return this.#picked.effort;
  }

  /** What the next thread is started with. */
  get startParams(): Omit<RequestParams<"thread/start">, "cwd"> {
    const { model, mode, editReview } = this.#picked;
    const chosen = mode && modes[mode];
    return {
      model: model ?? null,
      approvalPolicy: chosen?.approvalPolicy ?? null,
      sandbox: chosen?.sandbox ?? null,
      editReview: editReview ?? null,
    };
  }

  /** Takes up what was chosen before the panel was loaded. */
  restore(editReview: EditReview | undefined): void {
    if (!editReview) return;
    this.#picked = { ...this.#picked, editReview };
    this.settings = { ...this.settings, editReview };
  }

  /** There is no thread any more: what is shown is what the next one gets. */
  leaveThread(): void {
    this.settings = { ...this.settings, editReview: this.#picked.editReview ?? "before" };
  }

  async setModel(model: string, effort: string | undefined): Promise<void> {
    if (this.#options.threadId() === undefined) this.#picked = { ...this.#picked, model, effort };
    await this.#set({ model, effort }, { model, effort: effort ?? null });
  }

  async setMode(mode: PickableMode): Promise<void> {
    const { approvalPolicy, sandboxPolicy } = modes[mode];
    if (this.#options.threadId() === undefined) this.#picked = { ...this.#picked, mode };
    await this.#set({ mode }, { approvalPolicy, sandboxPolicy });
  }

  async setEditReview(editReview: EditReview): Promise<void> {
    this.#picked = { ...this.#picked, editReview };
    this.#options.onEditReview(editReview);
    await this.#set({ editReview }, { editReview });
  }

  async #set(
    shown: Partial<PanelSettings>,
    change: Omit<RequestParams<"thread/settings/update">, "threadId">,
  ): Promise<void> {
    this.settings = { ...this.settings, ...shown };
    this.#options.changed();
    const threadId = this.#options.threadId();
    if (threadId !== undefined) await this.#options.client.request("thread/settings/update", { threadId, ...change });
  }
}
