import * as z from "zod";
import type { Storage } from "../../host/storage.ts";
import { AgentError } from "../../protocol/errors.ts";
import { type NewRule, type Rule, rule as ruleShape } from "../../protocol/rules.ts";
import type { HeldRules } from "../policy/rules.ts";
import { parseJson } from "./parseJson.ts";

/** In the private store: nothing in a workspace is ever read as a rule. */
const FILE = "rules.json";
const VERSION = 1;
const MAX_RULES = 2000;

const fileShape = z.object({ version: z.literal(VERSION), rules: z.array(z.unknown()) });

export interface RuleStoreOptions {
  readonly storage: Storage;
  newId(): string;
  /** Unix milliseconds. */
  now(): number;
  /** Why a rule cannot hold, in a sentence for the user; undefined when it can. Of those that are read back, too: a file is not trusted more than a client. */
  whyRefused(rule: NewRule): string | undefined;
  /** Told the rules whenever they differ from those that were last known, by whomever they were changed. */
  onChange(rules: readonly Rule[]): void;
  /** Told what the user should know about the file, in full sentences. */
  onWarning(message: string): void;
}

/** What the file says now. */
interface Read {
  readonly text: string | undefined;
  readonly rules: readonly Rule[];
  /** Entries that are no rules to this version: they are kept, and never followed. */
  readonly others: readonly unknown[];
  /** Why the file cannot be read, and must not be written. */
  readonly locked?: string | undefined;
}

/** What the user settled for good. The file is read whenever it is used, so that a rule that another process saved holds here at once. */
export class RuleStore {
  readonly #options: RuleStoreOptions;
  #known: Read | undefined;
  /** Resolves when the newest of the calls, which run one after the other, is over. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RuleStoreOptions) {
    this.#options = options;
  }

  /** In the order in which they were made. What cannot be read is no rule, and said. Never rejects. */
  async list(): Promise<readonly Rule[]> {
    return (await this.held()).rules;
  }

  /** The same, and whether that is all. Never rejects. */
  held(): Promise<HeldRules> {
    return this.#inOrder(async () => {
      const { rules, others, locked } = await this.#read();
      return { rules, complete: locked === undefined && !others.some(mayDeny) };
    });
  }

  /**
   * Saves a rule, in the place of the one with this id when one is given. A rule that is there already, word for word, is not made twice.
   * Rejects with `invalid` for one that cannot hold, with `notFound` for the id, and with `conflict` while the file is not to be written.
   */
  write(given: NewRule, id?: string): Promise<Rule> {
    return this.#alone(async () => {
      const why = this.#options.whyRefused(given);
      if (why !== undefined) throw new AgentError("invalid", why);
      const read = await this.#read();
      this.#requireWritable(read);
      const old = read.rules.find((one) => one.id === id);
      if (id !== undefined && !old) throw noSuchRule(id);
      const same = read.rules.find((one) => one.id !== id && isSame(one, given));
      if (same && !old) return same;
      const { newId, now } = this.#options;
      const made: Rule = { ...given, id: old?.id ?? newId(), createdAt: old?.createdAt ?? Math.floor(now() / 1000) };
      const rules = read.rules.filter((one) => one !== same).map((one) => (one === old ? made : one));
      await this.#save(read, old ? rules : [...rules, made]);
      return made;
    });
  }

  /** Resolves with whether there was such a rule. Rejects with `conflict` while the file is not to be written. */
  delete(id: string): Promise<boolean> {
    return this.#alone(async () => {
      const read = await this.#read();
      this.#requireWritable(read);
      const rules = read.rules.filter((one) => one.id !== id);
      if (rules.length === read.rules.length) return false;
      await this.#save(read, rules);
      return true;
    });
  }

  /** While no other process changes the file: of two that change it at once, one would take the other's rule away. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#inOrder(async () => {
      const lock = await this.#options.storage.lock(FILE);
      try {
        return await work();
      } finally {
        await lock.release();
      }
    });
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  async #read(): Promise<Read> {
    const text = await this.#options.storage.read(FILE).catch((error: unknown) => error as Error);
    if (typeof text === "object") return this.#note(unreadable(text.message));
    if (this.#known && !this.#known.locked && this.#known.text === text) return this.#known;
    return this.#note(text === undefined ? nothing : this.#parse(text));
  }

  #parse(text: string): Read {
    const value = parseJson(text);
    const parsed = fileShape.safeParse(value);
    if (!parsed.success) {
      const isNewer = versionOf(value) > VERSION;
      return unreadable(isNewer ? "It was written by a newer Patchwright." : "Its text is no list of rules.", text);
    }
    const read = parsed.data.rules.map((entry) => this.#ruleOf(entry));
    const rules = read.filter((one) => one !== undefined);
    const others = parsed.data.rules.filter((_, index) => read[index] === undefined);
    if (others.length > 0) this.#warn(this.#notFollowed(others));
    return { text, rules, others };
  }

  #ruleOf(entry: unknown): Rule | undefined {
    const { data } = ruleShape.safeParse(entry);
    return data && this.#options.whyRefused(data) === undefined ? data : undefined;
  }

  #notFollowed(others: readonly unknown[]): string {
    const whys = others.map((entry) => {
      const { data } = ruleShape.safeParse(entry);
      return (data && this.#options.whyRefused(data)) ?? "It cannot be read.";
    });
    const which = others.length === 1 ? "One of the saved rules is" : `${others.length} of the saved rules are`;
    const asks = others.some(mayDeny) ? " Since it may deny something, every command asks until then." : "";
    return `${which} not followed. ${[...new Set(whys)].slice(0, 3).join(" ")} Mend ${this.#place()}, or take it out there.${asks}`;
  }

  #requireWritable({ locked }: Read): void {
    if (locked !== undefined) throw new AgentError("conflict", this.#lockedText(locked));
  }

  async #save(read: Read, rules: readonly Rule[]): Promise<void> {
    this.#requireWritable(read);
    const { others } = read;
    if (rules.length > MAX_RULES)
      throw new AgentError("invalid", `There are ${MAX_RULES} rules, which is the most. Delete some first.`);
    const text = `${JSON.stringify({ version: VERSION, rules: [...rules, ...others] }, undefined, 2)}\n`;
    await this.#options.storage.write(FILE, text);
    this.#note({ text, rules, others });
  }

  #note(read: Read): Read {
    const before = this.#known;
    this.#known = read;
    if (read.locked !== undefined && read.locked !== before?.locked) this.#warn(this.#lockedText(read.locked));
    if (before && JSON.stringify(before.rules) !== JSON.stringify(read.rules)) this.#options.onChange(read.rules);
    return read;
  }

  #lockedText(why: string): string {
    return `The saved rules cannot be read: ${why} Since they may deny something, every command asks, and no rule can be saved, until you mend ${this.#place()} or move it away.`;
  }

  #place(): string {
    return `${this.#options.storage.root}/${FILE}`;
  }

  #warn(message: string): void {
    this.#options.onWarning(message);
  }
}

const nothing: Read = { text: undefined, rules: [], others: [] };

function unreadable(locked: string, text?: string): Read {
  return { text, rules: [], others: [], locked };
}

export function noSuchRule(id: string): AgentError {
  return new AgentError("notFound", `There is no rule ${id}. It may have been deleted.`);
}

/** Whether an entry that is no rule may be meant to deny: all but those that say that they allow. */
function mayDeny(entry: unknown): boolean {
  return !z.object({ decision: z.literal("allow") }).safeParse(entry).success;
}

/** Two rules that say the same. */
function isSame(one: NewRule, other: NewRule): boolean {
  return factsOf(one) === factsOf(other);
}

function factsOf({ subject, decision, unconfined, workspace }: NewRule): string {
  const what = subject.kind === "command" ? subject.prefix : subject.host;
  return JSON.stringify([subject.kind, what, decision, unconfined ?? false, workspace ?? null]);
}

function versionOf(value: unknown): number {
  return z.object({ version: z.int() }).safeParse(value).data?.version ?? 0;
}
