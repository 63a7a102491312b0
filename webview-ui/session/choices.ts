import type { RequestParams } from "../../src/protocol/methods.ts";
import type { EditReview, SandboxPolicy } from "../../src/protocol/settings.ts";
import type { Client } from "../../src/rpc/client.ts";
import {
  type NetworkChoice,
  networkOf,
  type PanelSettings,
  type Preset,
  presets,
  type Rights,
  withNetwork,
  workspaceWrite,
} from "./settings.ts";

/** What the user chose for the threads to come. Full access is not kept: it holds for the thread that it was chosen for. */
export interface LastingChoices {
  preset?: Exclude<Preset, "full"> | undefined;
  editReview?: EditReview | undefined;
}

export interface ChoicesOptions {
  client: Client;
  /** The open thread; undefined before there is one. */
  threadId(): string | undefined;
  changed(): void;
  /** Something was chosen that holds for later threads, too. */
  onLasting(choices: LastingChoices): void;
}

interface Picked extends LastingChoices {
  model?: string;
  effort?: string | undefined;
  /** For the next thread only. */
  full?: boolean;
  network?: NetworkChoice;
}

/** What the open thread works with, and what the user picked for the next one. What they did not pick, the server decides. */
export class Choices {
  settings: PanelSettings = { approvalPolicy: "untrusted", sandboxPolicy: workspaceWrite, editReview: "before" };
  readonly #options: ChoicesOptions;
  #picked: Picked = {};
  /** What a thread gets for which nothing was picked, as far as the window knows. */
  #defaults: Rights | undefined;
  /** How the workspace was writable before full access, with its folders and hosts. */
  #workspaceWrite: SandboxPolicy = workspaceWrite;

  constructor(options: ChoicesOptions) {
    this.#options = options;
  }

  /** What the next thread is started with. */
  get startParams(): Omit<RequestParams<"thread/start">, "cwd"> {
    const { model, editReview } = this.#picked;
    const chosen = this.#pickedPreset && presets[this.#pickedPreset];
    return {
      model: model ?? null,
      approvalPolicy: chosen?.approvalPolicy ?? null,
      sandbox: chosen?.sandbox ?? null,
      editReview: editReview ?? null,
    };
  }

  /** Takes up what was chosen before the panel was loaded. */
  restore(choices: LastingChoices): void {
    this.#picked = { ...this.#picked, ...choices };
    this.#showNext();
  }

  /** Takes what the user's settings say for threads that nothing was picked for. */
  setDefaults(defaults: Rights | undefined): void {
    if (!defaults) return;
    this.#defaults = defaults;
    if (this.#options.threadId() === undefined) this.#showNext();
  }

  /** Takes the model that threads work with for which none was picked, as long as no other is known. */
  setDefaultModel(model: string): void {
    if (this.#options.threadId() === undefined && !this.settings.model) this.settings = { ...this.settings, model };
  }

  /** There is no thread any more: what is shown is what the next one gets. */
  leaveThread(): void {
    this.#picked = { ...this.#picked, full: false };
    this.#showNext();
  }

  /** Shows what the open thread works with. */
  show(settings: PanelSettings): void {
    if (settings.sandboxPolicy.type === "workspaceWrite") this.#workspaceWrite = settings.sandboxPolicy;
    this.settings = settings;
  }

  /**
   * Gives a thread that has just been started what was picked for it and is no part of its start: all at once, since the user may turn to another
   * thread while it is asked for.
   */
  async finishStart(effort: string | null | undefined): Promise<void> {
    const { network, effort: wanted } = this.#picked;
    const { model, sandboxPolicy } = this.settings;
    const change = {
      ...(wanted && wanted !== effort && model ? { model, effort: wanted } : {}),
      ...(network && network !== networkOf(sandboxPolicy)
        ? { sandboxPolicy: withNetwork(sandboxPolicy, network) }
        : {}),
    };
    if (Object.keys(change).length > 0) await this.#set(change, change);
  }

  async setModel(model: string, effort: string | undefined): Promise<void> {
    if (this.#isNew) this.#picked = { ...this.#picked, model, effort };
    await this.#set({ model, effort }, { model, effort: effort ?? null });
  }

  async setPreset(preset: Preset): Promise<void> {
    const { approvalPolicy, editReview } = presets[preset];
    const sandboxPolicy: SandboxPolicy = preset === "full" ? { type: "dangerFullAccess" } : this.#workspaceWrite;
    if (preset !== "full") this.#last({ preset, editReview: presets[preset].editReview });
    if (this.#isNew) this.#picked = { ...this.#picked, full: preset === "full" };
    const change = { approvalPolicy, sandboxPolicy, ...(editReview ? { editReview } : {}) };
    await this.#set(change, change);
  }

  async setEditReview(editReview: EditReview): Promise<void> {
    this.#last({ editReview });
    await this.#set({ editReview }, { editReview });
  }

  async setNetwork(network: NetworkChoice): Promise<void> {
    if (this.#isNew) this.#picked = { ...this.#picked, network };
    const sandboxPolicy = withNetwork(this.settings.sandboxPolicy, network);
    await this.#set({ sandboxPolicy }, { sandboxPolicy });
  }

  get #isNew(): boolean {
    return this.#options.threadId() === undefined;
  }

  get #pickedPreset(): Preset | undefined {
    return this.#picked.full ? "full" : this.#picked.preset;
  }

  #last(choices: LastingChoices): void {
    this.#picked = { ...this.#picked, ...choices };
    const { preset, editReview } = this.#picked;
    this.#options.onLasting({ preset, editReview });
  }

  #showNext(): void {
    const base = this.#defaults ?? { approvalPolicy: "untrusted", sandboxPolicy: workspaceWrite, editReview: "before" };
    const { editReview, network } = this.#picked;
    const chosen = this.#pickedPreset && presets[this.#pickedPreset];
    const inWorkspace = base.sandboxPolicy.type === "workspaceWrite" ? base.sandboxPolicy : workspaceWrite;
    const policy: SandboxPolicy =
      chosen?.sandbox === "danger-full-access"
        ? { type: "dangerFullAccess" }
        : chosen
          ? inWorkspace
          : base.sandboxPolicy;
    this.show({
      ...this.settings,
      approvalPolicy: chosen?.approvalPolicy ?? base.approvalPolicy,
      sandboxPolicy: network ? withNetwork(policy, network) : policy,
      editReview: editReview ?? base.editReview,
    });
  }

  async #set(
    shown: Partial<PanelSettings>,
    change: Omit<RequestParams<"thread/settings/update">, "threadId">,
  ): Promise<void> {
    this.show({ ...this.settings, ...shown });
    this.#options.changed();
    const threadId = this.#options.threadId();
    if (threadId !== undefined) await this.#options.client.request("thread/settings/update", { threadId, ...change });
  }
}
