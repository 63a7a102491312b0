import { AgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import { condensedAt, type ModelTraits, traitsOf, usableWindow } from "../model/models.ts";
import type { UndoneFile } from "../review/undone.ts";
import { inputsOf, type LoggedInput, type OpenCall, trackCalls, wellFormed } from "../store/inputs.ts";
import type { Journal } from "../store/journal.ts";
import type { RebuiltThread } from "../store/rebuild.ts";
import type { JournalRecord, Layer } from "../store/records.ts";
import type { UnsentMessage } from "../store/unsent.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { usableTools } from "../tools/hostTools.ts";
import { cutOffOutput } from "../tools/outputItem.ts";
import { keptMessages, withoutOldest } from "./compaction.ts";
import { answerSchemaOf, ContextLog, messageItem } from "./contextLog.ts";
import { effortOf, makeHead } from "./makeHead.ts";
import { portableInputs } from "./portableInputs.ts";
import { type RequestSettings, readSurroundings, type Telling, tellWorld } from "./readWorld.ts";
import { toldByHead } from "./toolChanges.ts";
import { undoneText } from "./undoneText.ts";
import { userMessageItem } from "./userMessage.ts";
import { changedLayers, nothingTold, type WorldState } from "./worldState.ts";

const FORM_IS_FIXED =
  "The form of a thread's answers is fixed by its first request: a JSON schema cannot be added or changed later. Start a new thread for it.";

/** Where most of a window is taken by what always stays, a context is condensed again once it has grown by this much. */
const GROWN = 1.25;

/** What a turn begins with. */
export interface TurnStart extends RequestSettings {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** The thread that a context is of. */
export interface ContextThread {
  readonly threadId: string;
  readonly journal: Journal;
  warn(message: string): void;
  /** False for a turn that was taken back. */
  hasTurn(turnId: string): boolean;
}

/** What a thread and the model have said to each other: the context log, and what the model was last told of the world. */
export class ThreadContext {
  readonly #deps: ThreadDeps;
  readonly #journal: Journal;
  readonly #threadId: string;
  readonly #warn: ContextThread["warn"];
  readonly #hasTurn: ContextThread["hasTurn"];
  #log: ContextLog | undefined;
  #model: string | undefined;
  /** The JSON Schema that the thread's answers keep to, serialised. */
  #answerSchema: string | undefined;
  #world = nothingTold;
  /** Messages of the user that are not in the context yet. */
  #unsent: UnsentMessage[] = [];
  /** True when a part of it is condensed in a form that only its model can read. */
  #isSealed = false;
  /** Messages of the user that are in it. */
  #messages: LoggedInput[] = [];
  /** What the last compaction left, in tokens: hardly less is possible. */
  #condensedTo = 0;
  readonly #openCalls = new Map<string, OpenCall>();
  /** True while nothing follows a change of effort: the server refuses two of them side by side. */
  #endsWithUpdate = false;
  /** What the user knows could not be told to the model. */
  #problems: readonly string[] = [];
  /** AGENTS.md files that guide the model, as last read. */
  sources: readonly string[] = [];

  constructor(thread: ContextThread, deps: ThreadDeps) {
    this.#deps = deps;
    this.#journal = thread.journal;
    this.#threadId = thread.threadId;
    this.#warn = thread.warn;
    this.#hasTurn = thread.hasTurn;
  }

  /** The context as a journal has it, byte for byte, in place of what was here. */
  restore({ head, inputs, world, unsent, measured }: RebuiltThread): void {
    this.#unsent = [...unsent];
    this.#condensedTo = 0;
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
    const before = head?.world ?? this.#world;
    const { layers, sources, problems } = await readSurroundings(start, before, this.#deps);
    const telling = tellWorld(start, before, { ...this.#deps, layers });
    const messages = await this.#userMessages(this.#unsent, start.signal);
    await this.#deps.changes.undone.ready(this.#threadId);
    await this.#tell(telling, { head, messages });
    this.sources = sources;
    this.#unsent = this.#unsent.slice(messages.length);
    this.#tellProblems(problems);
  }

  /**
   * Says what changed since the last request of a running turn, as far as it is known without waiting for a disk. Resolves when it is
   * journalled.
   */
  async tellChanges(settings: RequestSettings): Promise<void> {
    const model = this.#model ?? settings.model;
    const effort = settings.model === model ? settings.effort : this.#world.effort;
    await this.#tell(tellWorld({ ...settings, model, effort }, this.#world, this.#deps), { messages: [] });
  }

  /** True for a tool that a host brought and that the model was told of, also when it is gone by now. */
  wasTold(tool: string): boolean {
    return Object.hasOwn(this.#world.tools, tool);
  }

  /** The effort that the thread goes on with although another one was chosen, since its model takes no new one; undefined when nothing waits. */
  lastingEffort({ model, effort }: Pick<RequestSettings, "model" | "effort">): string | undefined {
    const { effort: told } = this.#world;
    const waits =
      this.#log && model === this.#model && !traitsOf(model).effortUpdates && effortOf(model, effort) !== told;
    return (waits && told) || undefined;
  }

  /** Adds items; resolves when they are journalled. */
  async append(items: readonly object[], layer?: Layer): Promise<void> {
    if (items.length === 0) return;
    const { secrets } = this.#deps;
    const inputs = items.map((item) => ({ item: { ...secrets.value(item) }, ...(layer ? { layer } : {}) }));
    await this.#journal.append(...inputs.map((input) => ({ type: "input" as const, ...input })));
    for (const input of inputs) this.#append(input);
  }

  /** Adds messages of the user to the turn that runs; `records` are kept in the same write. */
  async addMessages(
    messages: readonly UnsentMessage[],
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

  /** True when a part of it would be lost on this model. */
  isSealedFor(model: string): boolean {
    return this.#isSealed && model !== this.#model;
  }

  /** The model that the context is for; undefined before the first turn. */
  get model(): string | undefined {
    return this.#model;
  }

  /** About how many tokens the next request has. */
  get tokens(): number {
    return this.#log?.estimatedTokens ?? 0;
  }

  /** True when the next request would leave too little room, and to condense the context again could change that. */
  isFull(model: string): boolean {
    return this.tokens >= Math.max(condensedAt(this.#traits(model)), this.#condensedTo * GROWN);
  }

  /** Takes the server's count of all that the context holds now. */
  calibrate(tokens: number): void {
    this.#log?.calibrate(tokens);
  }

  /** The body of a request that goes on with these items, which do not become part of the context. */
  requestWith(items: readonly object[]): string {
    return this.#open().requestWith(...items.map((item) => JSON.stringify(item)));
  }

  /** The same without the oldest items, which make up this share (from 0 to 1) of the whole text. */
  async shortenedRequest(share: number, items: readonly object[]): Promise<string> {
    const inputs = inputsOf((await this.#journal.read()) ?? []);
    const log = new ContextLog(this.#open().head);
    const newest = wellFormed(withoutOldest(inputs, share));
    for (const { item } of newest) log.append(JSON.stringify(item));
    return log.requestWith(...items.map((item) => JSON.stringify(item)));
  }

  /**
   * Replaces the context: the user's messages that are kept, the world as it is now, and what stands for all the rest. The head is made
   * anew, with the effort and the tools of now. Resolves when it is journalled; when it rejects, nothing has changed.
   */
  async condense(start: TurnStart, rest: readonly LoggedInput[]): Promise<void> {
    await this.closeCalls();
    const { head, told } = await this.#makeHead(start, nothingTold);
    const { layers, sources, problems } = await readSurroundings(start, told, this.#deps);
    const { inputs: fresh, world } = tellWorld(start, told, { ...this.#deps, layers });
    const kept = keptMessages(this.#messages, usableWindow(this.#traits(start.model)));
    const inputs = [...kept, ...fresh, ...rest];
    await this.#journal.append(
      { type: "head", head, model: start.model },
      { type: "history", inputs: inputs.map(({ item, layer }) => ({ item: { ...item }, layer })) },
      { type: "world", world },
    );
    this.#replaceLog(new ContextLog(head), start.model, inputs);
    this.#condensedTo = this.tokens;
    this.#world = world;
    this.sources = sources;
    this.#tellProblems(problems);
  }

  /** Gives the calls that never got an output one that says so: without it the server would refuse every further request. */
  async closeCalls(): Promise<void> {
    await this.append([...this.#openCalls.values()].map(cutOffOutput));
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
    this.#endsWithUpdate = input.item.type === "configuration_update";
    if (input.item.type === "compaction") this.#isSealed = true;
    if (input.layer === "userMessage") this.#messages.push({ item: input.item, layer: input.layer });
  }

  #replaceLog(log: ContextLog, model: string, inputs: readonly LoggedInput[]): void {
    this.#log = log;
    this.#model = model;
    this.#refill(inputs);
  }

  #refill(inputs: readonly LoggedInput[]): void {
    this.#messages = [];
    this.#isSealed = false;
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

  async #userMessages(messages: readonly UnsentMessage[], signal: AbortSignal) {
    const records: InputRecord[] = [];
    for (const { turnId, input } of messages) {
      const item = await userMessageItem(input, this.#deps.host, signal);
      records.push({ type: "input", item: { ...item }, layer: "userMessage", turnId });
    }
    return records;
  }

  /** The first head, or one for another model, with what that one can read of the old context; undefined when the head stays. */
  async #newHead(start: TurnStart): Promise<NewHead | undefined> {
    const { model } = start;
    if (this.#log && this.#model === model) return undefined;
    const { head, told } = await this.#makeHead(start, this.#world);
    const records: JournalRecord[] = [{ type: "head", head, model }];
    const before = this.#log ? inputsOf((await this.#journal.read()) ?? []) : [];
    const inputs = portableInputs(before, traitsOf(model));
    if (this.#log)
      records.push({ type: "history", inputs: inputs.map(({ item, layer }) => ({ item: { ...item }, layer })) });
    return { log: new ContextLog(head), model, records, inputs, world: told };
  }

  /** A head as it would be now, and what a model with it knows that was told this before. */
  async #makeHead(start: TurnStart, before: WorldState): Promise<{ head: string; told: WorldState }> {
    const { tools } = usableTools(this.#deps.host.tools.list());
    const facts = { tools, threadId: this.#threadId, answerSchema: this.#answerSchema };
    const head = await makeHead({ ...start, ...facts }, this.#deps);
    const effort = effortOf(start.model, start.effort);
    return { head, told: { ...before, effort, tools: toldByHead(tools, before.tools) } };
  }

  /** The change of effort comes last, after what is said beside it. Where it would stand beside another one, it waits for the next request. */
  async #tell({ inputs, update, world }: Telling, { head, messages }: Saying): Promise<void> {
    const undone = this.#deps.changes.undone.of(this.#threadId);
    const said = [...[...inputs, ...this.#undoneNote(undone.files, world)].map(inputRecord), ...messages];
    const waits = update && said.length === 0 && this.#endsWithUpdate;
    if (update && !waits) said.push(inputRecord(update));
    const known = waits ? { ...world, effort: this.#world.effort } : world;
    const changed = changedLayers(known, this.#world);
    const records: JournalRecord[] = [...(head?.records ?? []), ...said];
    if (changed) records.push({ type: "world", world: changed });
    await this.#journal.append(...records);
    if (head) this.#replaceLog(head.log, head.model, head.inputs);
    this.#world = known;
    for (const input of said) this.#append(input);
    await this.#deps.changes.undone.told(this.#threadId, undone);
  }

  /** Of what the user took back, as far as the model knows that it was done. */
  #undoneNote(undone: readonly UndoneFile[], { environment }: WorldState): LoggedInput[] {
    const { changes, paths } = this.#deps;
    const known = undone.filter(({ turnIds }) => turnIds.length === 0 || turnIds.some(this.#hasTurn));
    const show = (path: string) => paths.relative(environment.cwd ?? "", path);
    const text = undoneText(changes.stillUndone(known), show);
    return text ? [{ item: { ...messageItem("user", text) }, layer: "note" }] : [];
  }

  /** Tells the user of each problem once, and again only after it was gone. */
  #tellProblems(problems: readonly string[]): void {
    for (const problem of problems) if (!this.#problems.includes(problem)) this.#warn(problem);
    this.#problems = problems;
  }
}

interface NewHead {
  readonly log: ContextLog;
  readonly model: string;
  readonly records: readonly JournalRecord[];
  /** What the new log begins with. */
  readonly inputs: readonly LoggedInput[];
  /** What a model with this head knows of the world. */
  readonly world: WorldState;
}

interface Saying {
  readonly head?: NewHead | undefined;
  /** Of the user. */
  readonly messages: readonly InputRecord[];
}

type InputRecord = Extract<JournalRecord, { type: "input" }>;

function inputRecord({ item, layer }: LoggedInput): InputRecord {
  return { type: "input", item: { ...item }, ...(layer ? { layer } : {}) };
}
