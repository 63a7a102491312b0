import { AgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import { condensedAt, type ModelTraits, traitsOf, usableWindow } from "../model/models.ts";
import type { Permissions } from "../policy/judge.ts";
import { inputsOf, type LoggedInput, type OpenCall, trackCalls, wellFormed } from "../store/inputs.ts";
import type { Journal } from "../store/journal.ts";
import type { RebuiltThread } from "../store/rebuild.ts";
import type { JournalRecord, Layer } from "../store/records.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { abortedOutput } from "../tools/outputItem.ts";
import { tools } from "../tools/tools.ts";
import { keptMessages } from "./compaction.ts";
import { answerSchemaOf, ContextLog, messageItem, serializeHead } from "./contextLog.ts";
import { readEnvironment } from "./environment.ts";
import { permissionsText } from "./permissionsText.ts";
import { portableInputs } from "./portableInputs.ts";
import { readProjectInstructions } from "./projectInstructions.ts";
import { userMessageItem } from "./userMessage.ts";
import { type LayerMessage, type WorldState, worldMessages } from "./worldState.ts";

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
  /** Messages of the user that are in it. */
  #messages: LoggedInput[] = [];
  readonly #openCalls = new Map<string, OpenCall>();
  /** AGENTS.md files that guide the model, as last read. */
  sources: readonly string[] = [];

  constructor(thread: { threadId: string; cwd: string; journal: Journal }, deps: ThreadDeps) {
    this.#deps = deps;
    this.#journal = thread.journal;
    this.#threadId = thread.threadId;
    this.#cwd = thread.cwd;
  }

  /** The context as a journal has it, byte for byte, in place of what was here. */
  restore({ head, inputs, world, unsentTurns, measured }: RebuiltThread): void {
    this.#unsent = [];
    for (const { id, items } of unsentTurns) {
      const message = items.find((item) => item.type === "userMessage");
      if (message) this.addMessage(id, message.content);
    }
    this.#world = world;
    this.#model = head?.model;
    this.#answerSchema = head && answerSchemaOf(head.head);
    this.#log = head && new ContextLog(head.head);
    if (!head) return;
    const counted = inputs.length - (measured?.inputsSince ?? inputs.length);
    this.#refill(inputs.slice(0, counted));
    if (measured) this.calibrate(measured.tokens);
    for (const input of inputs.slice(counted)) this.#append(input);
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
    const world = await this.#readWorld(start, this.#world && (this.#world.environment.directory ?? ""));
    const told = worldMessages(world, this.#world).map(loggedMessage);
    const messages = await this.#userMessages(this.#unsent, start.signal);
    const inputs: JournalRecord[] = told.map((input) => ({ type: "input", ...input }));
    if (told.length > 0) inputs.push({ type: "world", world });
    inputs.push(...messages);
    await this.#journal.append(...(head?.records ?? []), ...inputs);
    if (head) this.#replaceLog(head.log, start.model, head.inputs);
    this.#world = world;
    this.#unsent = this.#unsent.slice(messages.length);
    for (const record of inputs) if (record.type === "input") this.#append(record);
  }

  /** Adds items; resolves when they are journalled. */
  async append(items: readonly object[], layer?: Layer): Promise<void> {
    if (items.length === 0) return;
    const inputs = items.map((item) => ({ item: { ...item }, ...(layer ? { layer } : {}) }));
    await this.#journal.append(...inputs.map((input) => ({ type: "input" as const, ...input })));
    for (const input of inputs) this.#append(input);
  }

  /** Adds messages of the user to the turn that runs; `records` are kept in the same write. */
  async addMessages(
    messages: readonly UserMessage[],
    records: readonly JournalRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const inputs = await this.#userMessages(messages, signal);
    await this.#journal.append(...records, ...inputs);
    for (const input of inputs) this.#append(input);
  }

  /** True when there is something to condense. */
  get hasBegun(): boolean {
    return this.#log !== undefined;
  }

  /** About how many tokens the next request has. */
  get tokens(): number {
    return this.#log?.estimatedTokens ?? 0;
  }

  /** True when the next request would leave too little room. */
  isFull(model: string): boolean {
    return this.tokens >= condensedAt(this.#traits(model));
  }

  /** Takes the server's count of all that the context holds now. */
  calibrate(tokens: number): void {
    this.#log?.calibrate(tokens);
  }

  /** The body of a request that goes on with these items, which do not become part of the context. */
  requestWith(items: readonly object[]): string {
    return this.#open().requestWith(...items.map((item) => JSON.stringify(item)));
  }

  /** The same without the oldest items, as many of them as this share (from 0 to 1) of all. */
  async shortenedRequest(share: number, items: readonly object[]): Promise<string> {
    const inputs = inputsOf((await this.#journal.read()) ?? []);
    const log = new ContextLog(this.#open().head);
    const newest = wellFormed(inputs.slice(Math.ceil(inputs.length * share)));
    for (const { item } of newest) log.append(JSON.stringify(item));
    return log.requestWith(...items.map((item) => JSON.stringify(item)));
  }

  /**
   * Replaces the context: the user's messages that are kept, the world as it is now, and what stands for all the rest. The head is made
   * anew, with the effort and the tools of now. Resolves when it is journalled; when it rejects, nothing has changed.
   */
  async condense(start: TurnStart, rest: readonly LoggedInput[]): Promise<void> {
    await this.closeCalls();
    const world = await this.#readWorld(start, undefined);
    const kept = keptMessages(this.#messages, usableWindow(this.#traits(start.model)));
    const inputs = [...kept, ...worldMessages(world).map(loggedMessage), ...rest];
    const head = this.#serializeHead(start.model, start.effort);
    await this.#journal.append(
      { type: "head", head, model: start.model },
      { type: "history", inputs: inputs.map(({ item, layer }) => ({ item: { ...item }, layer })) },
      { type: "world", world },
    );
    this.#replaceLog(new ContextLog(head), start.model, inputs);
    this.#world = world;
  }

  /** Gives the calls that never got an output one that says so: without it the server would refuse every further request. */
  async closeCalls(): Promise<void> {
    await this.append([...this.#openCalls.values()].map(abortedOutput));
  }

  /** Says that a turn was stopped, unless the model never heard of it. */
  async noteAbort(turnId: string, note: object): Promise<void> {
    await this.closeCalls();
    if (this.#log && !this.#unsent.some((message) => message.turnId === turnId)) await this.append([note], "note");
  }

  /** The whole request body. A turn has begun by then. */
  request(): string {
    return this.#open().request();
  }

  #append(input: LoggedInput): void {
    this.#open().append(JSON.stringify(input.item));
    trackCalls(this.#openCalls, input.item);
    if (input.layer === "userMessage") this.#messages.push({ item: input.item, layer: input.layer });
  }

  #replaceLog(log: ContextLog, model: string, inputs: readonly LoggedInput[]): void {
    this.#log = log;
    this.#model = model;
    this.#refill(inputs);
  }

  #refill(inputs: readonly LoggedInput[]): void {
    this.#messages = [];
    this.#openCalls.clear();
    for (const input of inputs) this.#append(input);
  }

  #traits(model: string): ModelTraits {
    return traitsOf(model, this.#deps.settings().contextWindow);
  }

  #open(): ContextLog {
    if (!this.#log) throw new Error("The context has no head before the first turn.");
    return this.#log;
  }

  async #userMessages(messages: readonly UserMessage[], signal: AbortSignal) {
    const records: (JournalRecord & { type: "input" })[] = [];
    for (const { turnId, input } of messages) {
      const item = await userMessageItem(input, this.#deps.host, signal);
      records.push({ type: "input", item: { ...item }, layer: "userMessage", turnId });
    }
    return records;
  }

  /** The first head, or one for another model, with what that one can read of the old context; undefined when the head stays. */
  async #newHead({ model, effort }: TurnStart) {
    if (this.#log && this.#model === model) return undefined;
    const head = this.#serializeHead(model, effort);
    const records: JournalRecord[] = [{ type: "head", head, model }];
    const before = this.#log ? inputsOf((await this.#journal.read()) ?? []) : [];
    const inputs = portableInputs(before, traitsOf(model));
    if (this.#log)
      records.push({ type: "history", inputs: inputs.map(({ item, layer }) => ({ item: { ...item }, layer })) });
    return { log: new ContextLog(head), records, inputs };
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

  /** `directory` is the overview of the folder as it was once told, which then is not made anew. */
  async #readWorld({ permissions, signal }: TurnStart, directory: string | undefined): Promise<WorldState> {
    const { host, paths, clock, settings } = this.#deps;
    const place = { host, paths, cwd: this.#cwd, signal };
    const project = permissions.trusted ? await readProjectInstructions(place) : { text: "", sources: [] };
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

function loggedMessage({ layer, role, text }: LayerMessage): { item: Record<string, unknown>; layer: Layer } {
  return { item: { ...messageItem(role, text) }, layer };
}
