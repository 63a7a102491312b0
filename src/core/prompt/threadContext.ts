import { AgentError } from "../../protocol/errors.ts";
import type { UserInput } from "../../protocol/items.ts";
import { condensedAt, traitsOf } from "../model/models.ts";
import type { UndoneFile } from "../review/undone.ts";
import { type InputRecord, inputRecord, inputsOf, type LoggedInput, wellFormed } from "../store/inputs.ts";
import type { Journal } from "../store/journal.ts";
import type { RebuiltThread } from "../store/rebuild.ts";
import type { JournalRecord, Layer } from "../store/records.ts";
import type { UnsentMessage } from "../store/unsent.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { cutOffOutput } from "../tools/outputItem.ts";
import { withoutOldest } from "./compaction.ts";
import { answerSchemaOf, messageItem } from "./contextLog.ts";
import { condensedContext, contextForModel, type FreshContext, type ThreadForm } from "./freshContext.ts";
import { effortOf } from "./makeHead.ts";
import { type RequestSettings, readSurroundings, type Telling, type TurnStart, tellWorld } from "./readWorld.ts";
import { TrackedLog } from "./trackedLog.ts";
import { undoneText } from "./undoneText.ts";
import { userMessageRecords } from "./userMessage.ts";
import { changedLayers, nothingTold, type WorldState } from "./worldState.ts";

const FORM_IS_FIXED =
  "The form of a thread's answers is fixed by its first request: a JSON schema cannot be added or changed later. Start a new thread for it.";

/** Where most of a window is taken by what always stays, a context is condensed again once it has grown by this much. */
const GROWN = 1.25;

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
  /** Undefined before the first turn. */
  #log: TrackedLog | undefined;
  /** The JSON Schema that the thread's answers keep to, serialised. */
  #answerSchema: string | undefined;
  #world = nothingTold;
  /** Messages of the user that are not in the context yet. */
  #unsent: UnsentMessage[] = [];
  /** What the last compaction left, in tokens: hardly less is possible. */
  #condensedTo = 0;
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
    this.#answerSchema = head && answerSchemaOf(head.head);
    const counted = inputs.length - (measured?.inputsSince ?? inputs.length);
    this.#log = head && new TrackedLog(head, inputs.slice(0, counted));
    if (measured) this.calibrate(measured.tokens);
    this.#log?.append(inputs.slice(counted));
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
    const fresh = this.model === start.model ? undefined : await this.#contextFor(start);
    const before = fresh?.world ?? this.#world;
    const { layers, sources, problems } = await readSurroundings(start, before, this.#deps);
    const telling = tellWorld(start, before, { ...this.#deps, layers });
    const messages = await userMessageRecords(this.#unsent, this.#deps.host, start.signal);
    await this.#deps.changes.undone.ready(this.#threadId);
    await this.#tell(telling, { fresh, messages });
    this.sources = sources;
    this.#unsent = this.#unsent.slice(messages.length);
    this.#tellProblems(problems);
  }

  /**
   * Says what changed since the last request of a running turn, as far as it is known without waiting for a disk. Resolves when it is
   * journalled.
   */
  async tellChanges(settings: RequestSettings): Promise<void> {
    const model = this.model ?? settings.model;
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
    const waits = model === this.model && !traitsOf(model).effortUpdates && effortOf(model, effort) !== told;
    return (waits && told) || undefined;
  }

  /** Adds items; resolves when they are journalled. */
  async append(items: readonly object[], layer?: Layer): Promise<void> {
    if (items.length === 0) return;
    const { secrets } = this.#deps;
    const inputs = items.map((item) => ({ item: { ...secrets.value(item) }, ...(layer ? { layer } : {}) }));
    await this.#journal.append(...inputs.map((input) => ({ type: "input" as const, ...input })));
    this.#open().append(inputs);
  }

  /** Adds messages of the user to the turn that runs; `records` are kept in the same write. */
  async addMessages(
    messages: readonly UnsentMessage[],
    records: readonly JournalRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const inputs = await userMessageRecords(messages, this.#deps.host, signal);
    await this.#journal.append(...records, ...inputs);
    this.#open().append(inputs);
  }

  /** True when there is something to condense. */
  get hasBegun(): boolean {
    return this.#log !== undefined;
  }

  /** True when a part of it would be lost on this model. */
  isSealedFor(model: string): boolean {
    return this.#log?.isSealed === true && model !== this.model;
  }

  /** The model that the context is for; undefined before the first turn. */
  get model(): string | undefined {
    return this.#log?.model;
  }

  /** About how many tokens the next request has. */
  get tokens(): number {
    return this.#log?.tokens ?? 0;
  }

  /** True when the next request would leave too little room, and to condense the context again could change that. */
  isFull(model: string): boolean {
    const traits = traitsOf(model, this.#deps.settings().contextWindow);
    return this.tokens >= Math.max(condensedAt(traits), this.#condensedTo * GROWN);
  }

  /** Takes the server's count of all that the context holds now. */
  calibrate(tokens: number): void {
    this.#log?.calibrate(tokens);
  }

  /** The body of a request that goes on with these items, which do not become part of the context. */
  requestWith(items: readonly object[]): string {
    return this.#open().requestWith(items);
  }

  /** The same without the oldest items, which make up this share (from 0 to 1) of the whole text. */
  async shortenedRequest(share: number, items: readonly object[]): Promise<string> {
    const newest = wellFormed(withoutOldest(await this.#inputs(), share));
    return new TrackedLog(this.#open(), newest).requestWith(items);
  }

  /**
   * Replaces the context: the user's messages that are kept, the world as it is now, and what stands for all the rest. The head is made
   * anew, with the effort and the tools of now. Resolves when it is journalled; when it rejects, nothing has changed.
   */
  async condense(start: TurnStart, rest: readonly LoggedInput[]): Promise<void> {
    await this.closeCalls();
    const old = { form: this.#form, messages: this.#log?.messages ?? [], rest };
    const { log, records, world, sources, problems } = await condensedContext(start, old, this.#deps);
    await this.#journal.append(...records);
    this.#log = log;
    this.#condensedTo = this.tokens;
    this.#world = world;
    this.sources = sources;
    this.#tellProblems(problems);
  }

  /** Gives the calls that never got an output one that says so: without it the server would refuse every further request. */
  async closeCalls(): Promise<void> {
    await this.append((this.#log?.openCalls ?? []).map(cutOffOutput));
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

  #open(): TrackedLog {
    if (!this.#log) throw new Error("The context has no head before the first turn.");
    return this.#log;
  }

  get #form(): ThreadForm {
    return { threadId: this.#threadId, answerSchema: this.#answerSchema };
  }

  /** The items, of which the log has the text alone. */
  async #inputs(): Promise<LoggedInput[]> {
    return inputsOf((await this.#journal.read()) ?? []);
  }

  async #contextFor(start: TurnStart): Promise<FreshContext> {
    const inputs = this.#log && (await this.#inputs());
    return contextForModel(start, { form: this.#form, inputs, world: this.#world }, this.#deps);
  }

  /** The change of effort comes last, after what is said beside it. Where it would stand beside another one, it waits for the next request. */
  async #tell({ inputs, update, world }: Telling, { fresh, messages }: Saying): Promise<void> {
    const undone = this.#deps.changes.undone.of(this.#threadId);
    const said = [...[...inputs, ...this.#undoneNote(undone.files, world)].map(inputRecord), ...messages];
    const waits = update && said.length === 0 && this.#log?.endsWithUpdate;
    if (update && !waits) said.push(inputRecord(update));
    const known = waits ? { ...world, effort: this.#world.effort } : world;
    const changed = changedLayers(known, this.#world);
    const records: JournalRecord[] = [...(fresh?.records ?? []), ...said];
    if (changed) records.push({ type: "world", world: changed });
    await this.#journal.append(...records);
    if (fresh) this.#log = fresh.log;
    this.#world = known;
    this.#open().append(said);
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

interface Saying {
  /** In place of the context that was here. */
  readonly fresh?: FreshContext | undefined;
  /** Of the user. */
  readonly messages: readonly InputRecord[];
}
