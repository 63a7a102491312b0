import { AgentError } from "../protocol/errors.ts";
import type { ItemOf } from "../protocol/items.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { OpenedThread } from "../protocol/threadMethods.ts";
import type { ThreadStatus, Turn, Thread as WireThread } from "../protocol/threads.ts";
import { CallsMade } from "./callsMade.ts";
import { copyOf } from "./copy.ts";
import { HostGate } from "./hostGate.ts";
import { chooseModel } from "./model/choose.ts";
import type { FrozenApproval } from "./policy/frozenApproval.ts";
import type { Permissions } from "./policy/permissions.ts";
import { ThreadContext } from "./prompt/threadContext.ts";
import { Queue } from "./queue.ts";
import { Checkpoints } from "./review/checkpoints.ts";
import { completed } from "./settings.ts";
import type { RebuiltThread } from "./store/rebuild.ts";
import type { JournalledSettings, JournalRecord } from "./store/records.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { requireFolder } from "./threadOptions.ts";
import { permissionsIn } from "./threadPermissions.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import { ThreadReverts } from "./threadReverts.ts";
import { ThreadTurns } from "./threadTurns.ts";
import { removeOutput } from "./tools/outputLog.ts";
import { Terminals } from "./tools/terminals.ts";
import { Waiting } from "./waiting.ts";

const FOLDER_IN_USE = "A turn works in the thread's folder. Change the folder once the turn has ended.";

/** A loaded thread: its settings, its context, its turns and what waits to be said. */
export class Thread {
  readonly record: ThreadRecord;
  readonly context: ThreadContext;
  readonly terminals: Terminals;
  /** What the user allowed for the session, by key. */
  readonly allowed: Map<string, FrozenApproval | undefined>;
  callsMade = new CallsMade();
  readonly queue: Queue;
  readonly checkpoints: Checkpoints;
  readonly turns: ThreadTurns;
  readonly reverts: ThreadReverts;
  readonly waiting: Waiting;
  readonly hosts: HostGate;
  condensesHere = false;
  compactionWanted = false;
  /** Told when what a list shows of the thread may have changed. */
  onTurn: () => Promise<void> = async () => {};
  /** Told when nothing goes on in the thread any more. */
  onQuiet: () => void = () => {};
  settings: JournalledSettings;
  archived = false;
  readonly #deps: ThreadDeps;
  #journalled: boolean;

  constructor(record: ThreadRecord, settings: JournalledSettings, options: { deps: ThreadDeps; journalled: boolean }) {
    const { deps } = options;
    this.record = record;
    this.settings = settings;
    this.#deps = deps;
    this.#journalled = options.journalled;
    this.terminals = new Terminals(deps.host, deps.clock, deps.log);
    const { id } = record.view.thread;
    const allowance = deps.allowances.of(id);
    this.allowed = allowance.calls;
    const warn = (message: string) => record.notify({ method: "warning", params: { threadId: id, message } });
    const hasTurn = (turnId: string) => record.view.turns.some((turn) => turn.id === turnId);
    this.context = new ThreadContext({ threadId: id, journal: record.journal, warn, hasTurn }, deps);
    this.queue = new Queue(record);
    const keep = (kept: JournalRecord) => record.keep(kept);
    this.checkpoints = new Checkpoints({ id, cwd: () => record.view.thread.cwd, keep, warn }, deps);
    this.turns = new ThreadTurns(this, deps);
    this.reverts = new ThreadReverts(this, deps);
    const tell = (status: ThreadStatus) =>
      record.notify({ method: "thread/status/changed", params: { threadId: id, status } });
    this.waiting = new Waiting(tell, () => this.turns.isRunning);
    this.hosts = new HostGate(this, { ...deps, allowed: allowance.hosts });
  }

  /** True once the thread has a journal. */
  get kept(): boolean {
    return this.#journalled;
  }

  /**
   * True when nothing goes on in it, or may by itself: no turn, and no command that was left running, or whose last output nobody has read.
   */
  get isQuiet(): boolean {
    return !this.turns.isBusy && this.terminals.isEmpty;
  }

  get id(): string {
    return this.record.view.thread.id;
  }

  get permissions(): Permissions {
    return permissionsIn(this.record.view.thread.cwd, this.settings, this.#deps);
  }

  /** The thread as the wire has it, with all that was told so far. */
  snapshot(): WireThread {
    this.record.flush();
    return copyOf({ ...this.record.view.thread, turns: this.record.view.turns });
  }

  opened(): OpenedThread {
    const { model, modelProvider, approvalPolicy, sandboxPolicy, editReview, effort } = this.settings;
    return {
      thread: this.snapshot(),
      cwd: this.record.view.thread.cwd,
      model,
      modelProvider,
      approvalPolicy,
      approvalsReviewer: "user",
      sandbox: sandboxPolicy,
      editReview,
      reasoningEffort: effort,
      instructionSources: [...this.context.sources],
    };
  }

  /** What the newest request cost, for a client that joins; undefined before the first. */
  usageNotification(): ServerNotification | undefined {
    const { turns, usage } = this.record.view;
    const turnId = turns.at(-1)?.id;
    if (!turnId || !usage) return undefined;
    return { method: "thread/tokenUsage/updated", params: { threadId: this.id, turnId, tokenUsage: usage } };
  }

  /** What waits, for a client that joins; undefined when nothing does. */
  queueNotification(): ServerNotification | undefined {
    const { queue } = this.record.view;
    if (queue.length === 0) return undefined;
    const queuedSubmissions = structuredClone(queue);
    return { method: "thread/queue/changed", params: { threadId: this.id, queuedSubmissions } };
  }

  /** The context as the journal has it, in place of what was here. */
  restore(rebuilt: RebuiltThread): void {
    this.context.restore(rebuilt);
    this.callsMade = new CallsMade();
    for (const { item } of rebuilt.inputs) this.callsMade.note(item);
  }

  /** Rejects, with nothing changed, for a folder that is not one (`invalid`), and for any while a turn works in the old one (`conflict`). */
  async updateSettings(change: Partial<JournalledSettings>): Promise<void> {
    if (change.cwd !== undefined) {
      await requireFolder(change.cwd, this.#deps);
      if (this.turns.isRunning) throw new AgentError("conflict", FOLDER_IN_USE);
    }
    const { sandboxPolicy: given } = change;
    const policy = given && { sandboxPolicy: completed(given, this.#deps.settings()) };
    this.settings = { ...this.settings, ...change, ...policy };
    if (this.#journalled) await this.record.keep({ type: "settings", settings: this.settings });
    const { model, modelProvider, approvalPolicy, sandboxPolicy, editReview, effort } = this.settings;
    const collaborationMode = { mode: "default", settings: { model, reasoning_effort: effort } } as const;
    const { cwd = this.record.view.thread.cwd } = this.settings;
    const changed = { cwd, model, modelProvider, approvalPolicy, sandboxPolicy, editReview, effort, collaborationMode };
    this.record.notify({
      method: "thread/settings/updated",
      params: { threadId: this.id, threadSettings: { ...changed, approvalsReviewer: "user" } },
    });
    const lasting = change.effort === undefined ? undefined : this.context.lastingEffort(this.settings);
    if (lasting)
      this.record.notify({ method: "warning", params: { threadId: this.id, message: effortWaits(lasting) } });
  }

  async rename(name: string): Promise<void> {
    if (this.#journalled) await this.record.keep({ type: "name", name });
    this.record.notify({ method: "thread/name/updated", params: { threadId: this.id, threadName: name } });
  }

  async archive(change: "archive" | "unarchive"): Promise<void> {
    const archived = change === "archive";
    if (this.#journalled) await this.record.keep({ type: "archived", archived });
    this.archived = archived;
    const method = archived ? "thread/archived" : "thread/unarchived";
    this.record.notify({ method, params: { threadId: this.id } });
  }

  /** Begins no further turn, stops the one that runs and ends all commands; resolves when everything is journalled. */
  async close(): Promise<void> {
    await this.turns.close();
    await this.terminals.killAll();
    await this.checkpoints.close();
  }

  /** Removes what is kept of a closed thread. */
  async remove(): Promise<void> {
    const { storage } = this.#deps.host;
    await this.record.journal.remove();
    const items = this.record.view.turns.flatMap((turn) => turn.items);
    for (const { id, type } of items) if (type === "commandExecution") await removeOutput(storage, id);
  }

  /** Keeps a turn's beginning, and the thread itself, if that was not kept before. */
  async keepTurn(turn: Turn, message: ItemOf<"userMessage"> | undefined): Promise<void> {
    const { id, cwd, createdAt, source, threadSource, name } = this.record.view.thread;
    const first = this.#journalled
      ? []
      : ([
          { type: "thread", version: 1, id, cwd, createdAt, source, ...(threadSource == null ? {} : { threadSource }) },
          { type: "settings", settings: this.settings },
          ...(name ? [{ type: "name", name } as const] : []),
          ...(this.archived ? [{ type: "archived", archived: true } as const] : []),
        ] as const);
    // What changes while this is written must come after it in the journal, not be left out of it.
    const before = this.#journalled;
    this.#journalled = true;
    try {
      await this.record.keep(
        ...first,
        { type: "turn", turnId: turn.id, startedAt: turn.startedAt ?? 0 },
        ...(message ? [{ type: "item", turnId: turn.id, item: message } as const] : []),
      );
    } catch (error) {
      this.#journalled = before;
      throw error;
    }
  }

  /** Settles which model answers. */
  async chooseModel(signal: AbortSignal): Promise<void> {
    const provider = await this.#deps.provider();
    const wanted =
      this.settings.modelProvider === provider.name ? this.settings.model : (this.#deps.settings().model ?? "");
    const model = wanted || (await chooseModel(this.#deps.model, signal));
    if (model === this.settings.model && provider.name === this.settings.modelProvider) return;
    await this.updateSettings({ model, modelProvider: provider.name });
  }
}

function effortWaits(lasting: string): string {
  return `This thread goes on with the effort it began with, ${lasting}: its model takes no other in the middle of a thread. The new one holds from the next compaction, or once another model is chosen.`;
}
