import { AgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import { traitsOf } from "../model/models.ts";
import type { Permissions } from "../policy/judge.ts";
import { inputsOf, type OpenCall, trackCalls } from "../store/inputs.ts";
import type { Journal } from "../store/journal.ts";
import type { RebuiltThread } from "../store/rebuild.ts";
import type { JournalRecord } from "../store/records.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { abortedOutput } from "../tools/outputItem.ts";
import { tools } from "../tools/tools.ts";
import { answerSchemaOf, ContextLog, messageItem, serializeHead } from "./contextLog.ts";
import { readEnvironment } from "./environment.ts";
import { permissionsText } from "./permissionsText.ts";
import { portableInputs } from "./portableInputs.ts";
import { readProjectInstructions } from "./projectInstructions.ts";
import { userMessageItem } from "./userMessage.ts";
import { type WorldState, worldMessages } from "./worldState.ts";

const FORM_IS_FIXED =
  "The form of a thread's answers is fixed by its first request: a JSON schema cannot be added or changed later. Start a new thread for it.";

/** What a turn begins with. */
export interface TurnStart {
  readonly model: string;
  readonly effort: string | null;
  readonly permissions: Permissions;
  readonly signal: AbortSignal;
}

interface UserMessage {
  readonly turnId: string;
  readonly input: readonly UserInput[];
}

/** What a thread and the model have said to each other: the context log, and what the model was last told of the world. */
export class ThreadContext {
  readonly #deps: ThreadDeps;
  readonly #journal: Journal;
  readonly #threadId: string;
  readonly #cwd: string;
  #log: ContextLog | undefined;
  #model: string | undefined;
  /** The JSON Schema that the thread's answers keep to, serialised. */
  #answerSchema: string | undefined;
  #world: WorldState | undefined;
  /** Messages of the user that are not in the context yet. */
  #unsent: UserMessage[] = [];
  readonly #openCalls = new Map<string, OpenCall>();
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
    for (const { id, items } of unsentTurns) {
      const message = items.find((item) => item.type === "userMessage");
      if (message) this.addMessage(id, message.content);
    }
    if (!head) return;
    this.#world = world;
    this.#model = head.model;
    this.#answerSchema = answerSchemaOf(head.head);
    this.#log = new ContextLog(head.head);
    for (const input of inputs) this.#append(input);
  }

  /** Holds the answers to a JSON Schema, from the first request on. Throws `unsupported` when there was one without it. */
  holdAnswersTo(schema: object): void {
    const text = JSON.stringify(schema);
    if (this.#log && text !== this.#answerSchema) throw new AgentError("unsupported", FORM_IS_FIXED);
    this.#answerSchema = text;
  }

  /** Takes a turn's message, which the user was told is kept: the next turn that begins brings it before the model. */
  addMessage(turnId: string, input: readonly UserInput[]): void {
    this.#unsent.push({ turnId, input });
  }

  /**
   * Says what the model must know before the user's messages, and the messages. Resolves when all of it is journalled; when it rejects,
   * nothing of it was said, and the messages wait for the next turn.
   */
  async beginTurn(start: TurnStart): Promise<void> {
    await this.closeCalls();
    const head = await this.#newHead(start);
    const world = await this.#readWorld(start);
    const told = worldMessages(world, this.#world).map(({ role, text }) => messageItem(role, text));
    const messages = await this.#userMessages(start.signal);
    const inputs: JournalRecord[] = told.map((item) => ({ type: "input", item: { ...item } }));
    if (told.length > 0) inputs.push({ type: "world", world });
    inputs.push(...messages);
    await this.#journal.append(...(head?.records ?? []), ...inputs);
    if (head) {
      this.#log = head.log;
      this.#model = start.model;
    }
    this.#world = world;
    this.#unsent = this.#unsent.slice(messages.length);
    for (const record of inputs) if (record.type === "input") this.#append(record.item);
  }

  /** Adds items; resolves when they are journalled. */
  async append(inputs: readonly object[]): Promise<void> {
    if (inputs.length === 0) return;
    await this.#journal.append(...inputs.map((item): JournalRecord => ({ type: "input", item: { ...item } })));
    for (const item of inputs) this.#append(item);
  }

  /** Gives the calls that never got an output one that says so: without it the server would refuse every further request. */
  async closeCalls(): Promise<void> {
    await this.append([...this.#openCalls.values()].map(abortedOutput));
  }

  /** Says that a turn was stopped, unless the model never heard of it. */
  async noteAbort(turnId: string, note: object): Promise<void> {
    await this.closeCalls();
    if (this.#log && !this.#unsent.some((message) => message.turnId === turnId)) await this.append([note]);
  }

  /** The whole request body. A turn has begun by then. */
  request(): string {
    return this.#open().request();
  }

  #append(item: object): void {
    this.#open().append(JSON.stringify(item));
    trackCalls(this.#openCalls, item);
  }

  #open(): ContextLog {
    if (!this.#log) throw new Error("The context has no head before the first turn.");
    return this.#log;
  }

  async #userMessages(signal: AbortSignal): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    for (const { turnId, input } of this.#unsent) {
      const item = await userMessageItem(input, this.#deps.host, signal);
      records.push({ type: "input", item: { ...item }, turnId });
    }
    return records;
  }

  /** The first head, or one for another model, with what that one can read of the old context; undefined when the head stays. */
  async #newHead({ model, effort }: TurnStart): Promise<{ log: ContextLog; records: JournalRecord[] } | undefined> {
    if (this.#log && this.#model === model) return undefined;
    const head = this.#serializeHead(model, effort);
    const log = new ContextLog(head);
    const records: JournalRecord[] = [{ type: "head", head, model }];
    if (this.#log) {
      const items = portableInputs(inputsOf((await this.#journal.read()) ?? []), traitsOf(model));
      records.push({ type: "history", items });
      for (const item of items) log.append(JSON.stringify(item));
    }
    return { log, records };
  }

  #serializeHead(model: string, effort: string | null): string {
    const traits = traitsOf(model);
    return serializeHead({
      model,
      instructions: this.#deps.baseInstructions,
      tools: tools.map((tool) => tool.spec(traits)),
      reasoning: traits.reasoning ? { effort: effort ?? traits.reasoning.defaultEffort, summary: "auto" } : undefined,
      verbosity: traits.verbosity ? "low" : undefined,
      answerSchema: this.#answerSchema,
      cacheKey: this.#threadId,
    });
  }

  async #readWorld({ permissions, signal }: TurnStart): Promise<WorldState> {
    const { host, paths, clock, settings } = this.#deps;
    const place = { host, paths, cwd: this.#cwd, signal };
    const project = permissions.trusted ? await readProjectInstructions(place) : { text: "", sources: [] };
    const directory = this.#world && (this.#world.environment.directory ?? "");
    const environment = await readEnvironment({ ...place, now: clock.now(), directory });
    this.sources = project.sources;
    return {
      permissions: permissionsText(permissions),
      developerInstructions: settings().developerInstructions?.trim() ?? "",
      projectInstructions: project.text,
      environment,
    };
  }
}
