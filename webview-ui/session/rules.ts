import type { NewRule, Rule } from "../../src/protocol/rules.ts";
import type { Client } from "../../src/rpc/client.ts";

export interface RulesOptions {
  client: Pick<Client, "request">;
  changed(): void;
}

/** The rules that the user saved, as the server told them last. */
export class Rules {
  /** Undefined until they were read. */
  all: readonly Rule[] | undefined;
  readonly #options: RulesOptions;

  constructor(options: RulesOptions) {
    this.#options = options;
  }

  /** Rejects when the server does not tell them. */
  async load(): Promise<void> {
    this.told((await this.#options.client.request("rule/list", {})).data);
  }

  told(rules: readonly Rule[]): void {
    this.all = rules;
    this.#options.changed();
  }

  /** Saves a new rule, or in place of the one that `id` names. Rejects when the server refuses it. */
  async write(rule: NewRule, id?: string): Promise<void> {
    const params = { ...(id === undefined ? {} : { id }), rule };
    const { rule: written } = await this.#options.client.request("rule/write", params);
    const others = (this.all ?? []).filter((known) => known.id !== written.id && known.id !== id);
    const at = (this.all ?? []).findIndex((known) => known.id === id || known.id === written.id);
    this.told(at < 0 ? [...others, written] : others.toSpliced(at, 0, written));
  }

  /** Rejects when the server does not delete it. */
  async remove(id: string): Promise<void> {
    await this.#options.client.request("rule/delete", { id });
    this.told((this.all ?? []).filter((known) => known.id !== id));
  }
}

/** A rule without what the server gives it, for writing it anew. */
export function newRuleOf({ id: _id, createdAt: _createdAt, ...rule }: Rule): NewRule {
  return rule;
}
