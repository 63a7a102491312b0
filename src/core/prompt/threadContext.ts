import type { UserInput } from "../../protocol/items.ts";
import { traitsOf } from "../model/models.ts";
import type { Permissions } from "../policy/judge.ts";
import type { Journal, JournalRecord } from "../store/journal.ts";
import { inputsOf, type RebuiltThread } from "../store/rebuild.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { tools } from "../tools/tools.ts";
import { ContextLog, messageItem, serializeHead } from "./contextLog.ts";
import { readEnvironment } from "./environment.ts";
import { permissionsText } from "./permissionsText.ts";
import { readProjectInstructions } from "./projectInstructions.ts";
import { userMessageItem } from "./userMessage.ts";
import { type WorldState, worldMessages } from "./worldState.ts";

/** What a turn begins with. */
export interface TurnStart {
  readonly turnId: string;
  readonly input: readonly UserInput[];
  readonly model: string;
  readonly effort: string | null;
  readonly permissions: Permissions;
  readonly signal: AbortSignal;
}

/** A thread's side of the conversation with the model: the context log, and what the model was last told of the world. */
export class ThreadContext {
  readonly #deps: ThreadDeps;
  readonly #journal: Journal;
  readonly #threadId: string;
  readonly #cwd: string;
  #log: ContextLog | undefined;
  #model: string | undefined;
  #world: WorldState | undefined;
  #unsent: RebuiltThread["unsentTurns"] = [];
  /** AGENTS.md files that guide the model, as last read. */
  sources: readonly string[] = [];

  constructor(thread: { threadId: string; cwd: string; journal: Journal }, deps: ThreadDeps) {
    this.#deps = deps;
    this.#journal = thread.journal;
    this.#threadId = thread.threadId;
    this.#cwd = thread.cwd;
  }

  /** The context as a journal has it, byte for byte. */
  restore({ head, inputs, world, unsentTurns }: RebuiltThread): void {
    this.#unsent = unsentTurns;
    if (!head) return;
    this.#world = world;
    this.#model = head.model;
    this.#log = logOf(head.head, inputs);
  }

  /** Says what the model must know before the message, and the message. Resolves when all of it is journalled. */
  async beginTurn(start: TurnStart): Promise<void> {
    const records: JournalRecord[] = [];
    if (!this.#log || this.#model !== start.model) records.push(...(await this.#newHead(start)));
    const world = await this.#readWorld(start);
    const messages = worldMessages(world, this.#world).map(({ role, text }) => messageItem(role, text));
    if (messages.length > 0) records.push({ type: "world", world });
    this.#world = world;
    for (const item of messages) records.push({ type: "input", item });
    records.push(...(await this.#userMessages(start)));
    await this.#journal.append(...records);
    this.#unsent = [];
    for (const record of records) if (record.type === "input") this.#append(record.item);
  }

  /** Says that a turn was stopped; nothing to say before there is a context. */
  async noteAbort(note: object): Promise<void> {
    if (this.#log) await this.append([note]);
  }

  /** The turn's message, after those that an earlier process took and did not live to send. */
  async #userMessages({ turnId, input, signal }: TurnStart): Promise<JournalRecord[]> {
    const { host } = this.#deps;
    const records: JournalRecord[] = [];
    for (const turn of this.#unsent) {
      const first = turn.items.find((item) => item.type === "userMessage");
      if (first?.type !== "userMessage") continue;
      records.push({ type: "input", item: await userMessageItem(first.content, host, signal), turnId: turn.id });
    }
    records.push({ type: "input", item: await userMessageItem(input, host, signal), turnId });
    return records;
  }

  /** Adds items; resolves when they are journalled. */
  async append(inputs: readonly object[]): Promise<void> {
    if (inputs.length === 0) return;
    await this.#journal.append(...inputs.map((item): JournalRecord => ({ type: "input", item })));
    for (const item of inputs) this.#append(item);
  }

  /** The whole request body. A turn has begun by then. */
  request(): string {
    return this.#open().request();
  }

  #append(item: unknown): void {
    this.#open().append(JSON.stringify(item));
  }

  #open(): ContextLog {
    if (!this.#log) throw new Error("The context has no head before the first turn.");
    return this.#log;
  }

  /** The first head, or one for another model: what that one cannot read, the reasoning of the old one, is left out. */
  async #newHead({ model, effort }: TurnStart): Promise<JournalRecord[]> {
    const head = this.#serializeHead(model, effort);
    const records: JournalRecord[] = [{ type: "head", head, model }];
    let items: unknown[] = [];
    if (this.#log) {
      items = inputsOf((await this.#journal.read()) ?? []).filter(
        (item) => (item as { type?: string }).type !== "reasoning",
      );
      records.push({ type: "history", items });
    }
    this.#log = logOf(head, items);
    this.#model = model;
    return records;
  }

  #serializeHead(model: string, effort: string | null): string {
    const traits = traitsOf(model);
    return serializeHead({
      model,
      instructions: this.#deps.baseInstructions,
      tools: tools.map((tool) => tool.spec(traits)),
      reasoning: traits.reasoning ? { effort: effort ?? traits.reasoning.defaultEffort, summary: "auto" } : undefined,
      text: traits.verbosity ? { verbosity: "low" } : undefined,
      cacheKey: this.#threadId,
    });
  }

  async #readWorld({ permissions, signal }: TurnStart): Promise<WorldState> {
    const { host, paths, clock, settings } = this.#deps;
    const place = { host, paths, cwd: this.#cwd, signal };
    const project = permissions.trusted ? await readProjectInstructions(place) : { text: "", sources: [] };
    const environment = await readEnvironment({ ...place, now: clock.now() });
    this.sources = project.sources;
    const frozen = this.#world?.environment.directory;
    return {
      permissions: permissionsText(permissions),
      developerInstructions: settings().developerInstructions?.trim() ?? "",
      projectInstructions: project.text,
      environment: frozen === undefined ? environment : { ...environment, directory: frozen },
    };
  }
}

function logOf(head: string, items: readonly unknown[]): ContextLog {
  const log = new ContextLog(head);
  for (const item of items) log.append(JSON.stringify(item));
  return log;
}
