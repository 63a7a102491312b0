import type { ListedModel, NotificationParams } from "../../src/protocol/methods.ts";
import type { Client } from "../../src/rpc/client.ts";
import type { Choices } from "./choices.ts";

export interface AccountOptions {
  client: Client;
  choices: Choices;
  changed(): void;
}

/** What the user has access to, as the server told it last. */
export class Account {
  /** Undefined until the server has said. */
  hasKey: boolean | undefined;
  models: ListedModel[] = [];
  readonly #options: AccountOptions;
  #reads = 0;
  /** The reading of the key that began last. */
  #key: Promise<void> | undefined;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** Reads all of it anew. Rejects when the server does not tell. What is answered after a later reading began is not taken. */
  async read(): Promise<void> {
    await this.readKey();
    await this.readModels();
  }

  /** Whether there is a key now; which models it has is asked. */
  told({ authMode }: NotificationParams<"account/updated">): void {
    this.hasKey = authMode === "apikey";
    // A server that does not tell more has told that.
    this.read().catch(() => {});
  }

  /**
   * Whether there is a key: nothing can be sent before that is known. Resolves once the last reading that began meanwhile does; rejects when the
   * server does not tell.
   */
  readKey(): Promise<void> {
    const key = this.#readKey();
    this.#key = key;
    return key;
  }

  async #readKey(): Promise<void> {
    const { client, changed } = this.#options;
    const reading = ++this.#reads;
    // Whether it still answers is what is asked.
    this.models = this.models.filter(({ model }) => model !== "demo");
    changed();
    const { account, requiresOpenaiAuth } = await client.request("account/read", {});
    if (reading !== this.#reads) return this.#key;
    this.hasKey = account !== null || !requiresOpenaiAuth;
    changed();
  }

  /** The models of the key, if there is one, which may take as long as a server that is far away. */
  async readModels(): Promise<void> {
    const { client, changed } = this.#options;
    const reading = this.#reads;
    const listed = this.hasKey ? await listModels(client) : [];
    if (reading !== this.#reads) return;
    if (this.hasKey) this.#takeModels(listed);
    changed();
  }

  #takeModels(listed: readonly ListedModel[]): void {
    this.models = listed.filter((model) => !model.hidden);
    const first = listed.find((model) => model.isDefault) ?? listed[0];
    if (first) this.#options.choices.setDefaultModel(first.model);
  }
}

/** A server that cannot list its models still works with the one that is set. */
async function listModels(client: Client): Promise<ListedModel[]> {
  try {
    const { data } = await client.request("model/list", {});
    return data;
  } catch {
    return [];
  }
}
