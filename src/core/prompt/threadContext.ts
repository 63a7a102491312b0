import type { UserInput } from "../../protocol/items.ts";
import { traitsOf } from "../model/models.ts";
import { inputsOf, type OpenCall, trackCalls } from "../store/inputs.ts";
import type { Journal } from "../store/journal.ts";
import type { RebuiltThread } from "../store/rebuild.ts";
import type { JournalRecord } from "../store/records.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { usableTools } from "../tools/hostTools.ts";
import { abortedOutput } from "../tools/outputItem.ts";
import { ContextLog } from "./contextLog.ts";
import { effortOf, makeHead } from "./makeHead.ts";
import { portableInputs } from "./portableInputs.ts";
import { type RequestSettings, readSurroundings, type Telling, tellWorld } from "./readWorld.ts";
import { toldByHead } from "./toolChanges.ts";
import { userMessageItem } from "./userMessage.ts";
import { changedLayers, nothingTold, type WorldState } from "./worldState.ts";

/** What a turn begins with. */
export interface TurnStart extends RequestSettings {
  readonly cwd: string;
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
  readonly #warn: (message: string) => void;
  #log: ContextLog | undefined;
  #model: string | undefined;
  #world = nothingTold;
  /** Messages of the user that are not in the context yet. */
  #unsent: UserMessage[] = [];
  readonly #openCalls = new Map<string, OpenCall>();
  /** What the user knows could not be told to the model. */
  #problems: readonly string[] = [];
  /** AGENTS.md files that guide the model, as last read. */
  sources: readonly string[] = [];

  constructor(thread: { threadId: string; journal: Journal; warn: (message: string) => void }, deps: ThreadDeps) {
    this.#deps = deps;
    this.#journal = thread.journal;
    this.#threadId = thread.threadId;
    this.#warn = thread.warn;
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
    this.#log = new ContextLog(head.head);
    for (const input of inputs) this.#append(input);
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
    const messages = await this.#userMessages(start.signal);
    await this.#tell(telling, { head, messages });
    this.sources = sources;
    this.#unsent = this.#unsent.slice(messages.length);
    this.#tellProblems(problems);
  }

  /**
   * Says what changed since the last request of a running turn, as far as it is known without waiting for a disk. Called after something was
   * added, such as the outputs of calls. Resolves when it is journalled.
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
  async append(inputs: readonly object[]): Promise<void> {
    if (inputs.length === 0) return;
    await this.#journal.append(...inputs.map(inputRecord));
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

  async #userMessages(signal: AbortSignal): Promise<InputRecord[]> {
    const records: InputRecord[] = [];
    for (const { turnId, input } of this.#unsent) {
      const item = await userMessageItem(input, this.#deps.host, signal);
      records.push({ type: "input", item: { ...item }, turnId });
    }
    return records;
  }

  /** The first head, or one for another model, with what that one can read of the old context; undefined when the head stays. */
  async #newHead(start: TurnStart): Promise<NewHead | undefined> {
    const { model, effort } = start;
    if (this.#log && this.#model === model) return undefined;
    const { tools } = usableTools(this.#deps.host.tools.list());
    const head = await makeHead({ ...start, tools, threadId: this.#threadId }, this.#deps);
    const log = new ContextLog(head);
    const records: JournalRecord[] = [{ type: "head", head, model }];
    if (this.#log) {
      const items = portableInputs(inputsOf((await this.#journal.read()) ?? []), traitsOf(model));
      records.push({ type: "history", items });
      for (const item of items) log.append(JSON.stringify(item));
    }
    const told = { effort: effortOf(model, effort), tools: toldByHead(tools, this.#world.tools) };
    return { log, records, model, world: { ...this.#world, ...told } };
  }

  /** The change of effort comes last: the server refuses two of them side by side, and something else always comes in between this way. */
  async #tell(
    { items, update, world }: Telling,
    { head, messages }: { head?: NewHead | undefined; messages: InputRecord[] },
  ) {
    const told = [...items.map(inputRecord), ...messages, ...(update ? [inputRecord(update)] : [])];
    const changed = changedLayers(world, this.#world);
    await this.#journal.append(
      ...(head?.records ?? []),
      ...told,
      ...(changed ? [{ type: "world", world: changed } as const] : []),
    );
    if (head) {
      this.#log = head.log;
      this.#model = head.model;
    }
    this.#world = world;
    for (const { item } of told) this.#append(item);
  }

  /** Tells the user of each problem once, and again only after it was gone. */
  #tellProblems(problems: readonly string[]): void {
    for (const problem of problems) if (!this.#problems.includes(problem)) this.#warn(problem);
    this.#problems = problems;
  }
}

interface NewHead {
  readonly log: ContextLog;
  readonly records: readonly JournalRecord[];
  readonly model: string;
  /** What a model with this head knows of the world. */
  readonly world: WorldState;
}

type InputRecord = Extract<JournalRecord, { type: "input" }>;

function inputRecord(item: object): InputRecord {
  return { type: "input", item: { ...item } };
}
