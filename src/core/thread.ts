import { AgentError, toAgentError } from "../protocol/errors.ts";
import type { ItemOf, UserInput } from "../protocol/items.ts";
import type { OpenedThread, ServerNotification } from "../protocol/methods.ts";
import type { ThreadStatus, Turn, Thread as WireThread } from "../protocol/threads.ts";
import { endedItem, isUnfinished } from "./endedItem.ts";
import { chooseModel } from "./model/choose.ts";
import type { Permissions } from "./policy/judge.ts";
import { messageItem } from "./prompt/contextLog.ts";
import { ThreadContext } from "./prompt/threadContext.ts";
import type { JournalledSettings } from "./store/records.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import { OUTPUT_FOLDER, removeOutput } from "./tools/outputLog.ts";
import { Terminals } from "./tools/terminals.ts";
import { runTurn } from "./turn.ts";
import { beginTurn, endOf } from "./turnFrame.ts";
import { makeTurnRun } from "./turnRun.ts";

const TURN_ABORTED =
  "<turn_aborted>\nThe user stopped the turn. Commands that were under way have been ended and may have done part of their work: check before you go on.\n</turn_aborted>";

/** A loaded thread: its settings, its context, and the turn that runs. One turn at a time. */
export class Thread {
  readonly record: ThreadRecord;
  readonly context: ThreadContext;
  readonly terminals: Terminals;
  /** What the user allowed for the session, by key. Not kept: it ends with the host. */
  readonly allowed = new Set<string>();
  readonly callIds = new Set<string>();
  settings: JournalledSettings;
  archived = false;
  readonly #deps: ThreadDeps;
  #journalled: boolean;
  #closed = false;
  #running: { turnId: string; stop: AbortController; ended: Promise<void> } | undefined;

  constructor(record: ThreadRecord, settings: JournalledSettings, options: { deps: ThreadDeps; journalled: boolean }) {
    const { deps } = options;
    this.record = record;
    this.settings = settings;
    this.#deps = deps;
    this.#journalled = options.journalled;
    this.terminals = new Terminals(deps.host, deps.clock, deps.log);
    const { id } = record.view.thread;
    const warn = (message: string) => record.notify({ method: "warning", params: { threadId: id, message } });
    this.context = new ThreadContext({ threadId: id, journal: record.journal, warn }, deps);
  }

  /** True once the thread has a journal. */
  get kept(): boolean {
    return this.#journalled;
  }

  get id(): string {
    return this.record.view.thread.id;
  }

  get permissions(): Permissions {
    const { approvalPolicy, sandboxPolicy } = this.settings;
    const { host, paths, settings } = this.#deps;
    const { cwd } = this.record.view.thread;
    const workspaceRoots = host.editor.workspaceRoots();
    const isOpen = workspaceRoots.some((root) => paths.isInside(root, cwd));
    return {
      approvalPolicy,
      sandboxPolicy,
      trusted: settings().trusted && isOpen,
      workspaceRoots,
      readableRoots: [host.platform.temporary, paths.join(host.storage.root, OUTPUT_FOLDER)],
    };
  }

  /** Resolves when no turn runs. */
  get idle(): Promise<void> {
    return this.#running?.ended ?? Promise.resolve();
  }

  /** The thread as the wire has it, with all that was told so far. */
  snapshot(): WireThread {
    this.record.flush();
    return structuredClone({ ...this.record.view.thread, turns: this.record.view.turns });
  }

  opened(): OpenedThread {
    const { model, modelProvider, approvalPolicy, sandboxPolicy, effort } = this.settings;
    return {
      thread: this.snapshot(),
      cwd: this.record.view.thread.cwd,
      model,
      modelProvider,
      approvalPolicy,
      approvalsReviewer: "user",
      sandbox: sandboxPolicy,
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

  /**
   * Takes the user's message and begins a turn. Resolves with the turn once the message is journalled; the turn goes on by itself.
   * Rejects with `conflict` while another turn runs, with `notFound` when the thread is closed, and when the message cannot be kept.
   */
  async startTurn(input: readonly UserInput[], clientId: string | null): Promise<Turn> {
    if (this.#closed) throw new AgentError("notFound", "That thread is closed.");
    if (this.#running)
      throw new AgentError("conflict", "A turn is running in this thread. Stop it, or wait for its end.");
    const { newId, clock } = this.#deps;
    const { turn, item } = beginTurn(input, { clientId, newId, nowMs: clock.now() });
    const stop = new AbortController();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#running = { turnId: turn.id, stop, ended };
    try {
      await this.#keepMessage(turn, item);
    } catch (error) {
      this.#running = undefined;
      end();
      throw error;
    }
    this.#announce(turn, item);
    void this.#run(turn, stop).finally(end);
    return turn;
  }

  /** Stops the turn if it is the one that runs; resolves when it has ended. Rejects with `notFound` otherwise. */
  async interrupt(turnId: string): Promise<void> {
    if (this.#running?.turnId !== turnId) throw new AgentError("notFound", "That turn is not running any more.");
    this.#running.stop.abort();
    await this.#running.ended;
  }

  /** Rejects, with nothing changed, for a folder that is not one (`invalid`), and for any while a turn works in the old one (`conflict`). */
  async updateSettings(change: Partial<JournalledSettings>): Promise<void> {
    if (change.cwd !== undefined) await this.#requireFolder(change.cwd);
    this.settings = { ...this.settings, ...change };
    if (this.#journalled) await this.record.keep({ type: "settings", settings: this.settings });
    const { model, modelProvider, approvalPolicy, sandboxPolicy, effort } = this.settings;
    const collaborationMode = { mode: "default", settings: { model, reasoning_effort: effort } } as const;
    const { cwd = this.record.view.thread.cwd } = this.settings;
    const threadSettings = { cwd, model, modelProvider, approvalPolicy, sandboxPolicy, effort, collaborationMode };
    this.record.notify({
      method: "thread/settings/updated",
      params: { threadId: this.id, threadSettings: { ...threadSettings, approvalsReviewer: "user" } },
    });
    const lasting = change.effort === undefined ? undefined : this.context.lastingEffort(this.settings);
    if (lasting)
      this.record.notify({ method: "warning", params: { threadId: this.id, message: effortWaits(lasting) } });
  }

  async rename(name: string): Promise<void> {
    if (this.#journalled) await this.record.keep({ type: "name", name });
    this.record.notify({ method: "thread/name/updated", params: { threadId: this.id, threadName: name } });
  }

  async archive(archived: boolean): Promise<void> {
    if (this.#journalled) await this.record.keep({ type: "archived", archived });
    this.archived = archived;
    const method = archived ? "thread/archived" : "thread/unarchived";
    this.record.notify({ method, params: { threadId: this.id } });
  }

  setStatus(status: ThreadStatus): void {
    this.record.notify({ method: "thread/status/changed", params: { threadId: this.id, status } });
  }

  /** Takes no further turn, stops the one that runs and ends all commands; resolves when everything is journalled. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.stop.abort();
    await this.idle;
    await this.terminals.killAll();
  }

  /** Removes what is kept of a closed thread. */
  async remove(): Promise<void> {
    const { storage } = this.#deps.host;
    await this.record.journal.remove();
    const items = this.record.view.turns.flatMap((turn) => turn.items);
    for (const { id, type } of items) if (type === "commandExecution") await removeOutput(storage, id);
  }

  async #keepMessage(turn: Turn, item: ItemOf<"userMessage">): Promise<void> {
    const { id, cwd, createdAt, source, name } = this.record.view.thread;
    const first = this.#journalled
      ? []
      : ([
          { type: "thread", version: 1, id, cwd, createdAt, source },
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
        { type: "item", turnId: turn.id, item },
      );
    } catch (error) {
      this.#journalled = before;
      throw error;
    }
  }

  #announce(turn: Turn, item: ItemOf<"userMessage">): void {
    const { view } = this.record;
    view.thread.updatedAt = turn.startedAt ?? view.thread.updatedAt;
    this.context.addMessage(turn.id, item.content);
    this.setStatus({ type: "active", activeFlags: [] });
    this.record.notify({ method: "turn/started", params: { threadId: this.id, turn } });
    this.record.started(turn.id, { ...item, completedAtMs: null });
    const params = { threadId: this.id, turnId: turn.id, item, completedAtMs: item.completedAtMs ?? 0 };
    this.record.notify({ method: "item/completed", params });
  }

  /** Runs a turn to its end, whatever the end is. Never rejects. */
  async #run(turn: Turn, stop: AbortController): Promise<void> {
    let failure: AgentError | undefined;
    const { signal } = stop;
    try {
      await this.#chooseModel(signal);
      const { cwd } = this.record.view.thread;
      await this.context.beginTurn({ ...this.settings, cwd, permissions: this.permissions, signal });
      await runTurn(makeTurnRun(this, { turnId: turn.id, stop, deps: this.#deps }));
    } catch (error) {
      failure = toAgentError(error);
      if (failure.code === "internal") this.#deps.log(error);
    }
    const reason = signal.aborted ? new AgentError("aborted", "Stopped.") : failure;
    await this.#end(turn, reason).catch(this.#deps.log);
  }

  async #requireFolder(path: string): Promise<void> {
    const { host, paths } = this.#deps;
    const isAbsolute = paths.resolve("/", path) === paths.resolve("/elsewhere", path);
    const there = isAbsolute ? await host.files.stat(path, new AbortController().signal) : undefined;
    if (there?.kind !== "folder") {
      throw new AgentError(
        "invalid",
        `${path} is not a folder to work in. Give the absolute path of one that is there.`,
      );
    }
    if (this.#running) {
      throw new AgentError(
        "conflict",
        "A turn works in the thread's folder. Change the folder once the turn has ended.",
      );
    }
  }

  async #chooseModel(signal: AbortSignal): Promise<void> {
    const provider = await this.#deps.provider();
    const wanted =
      this.settings.modelProvider === provider.name ? this.settings.model : (this.#deps.settings().model ?? "");
    const model = wanted || (await chooseModel(this.#deps.model, signal));
    if (model === this.settings.model && provider.name === this.settings.modelProvider) return;
    await this.updateSettings({ model, modelProvider: provider.name });
  }

  async #end(turn: Turn, failure: AgentError | undefined): Promise<void> {
    const { clock, log } = this.#deps;
    const { view } = this.record;
    if (failure?.code === "aborted")
      await this.context.noteAbort(turn.id, messageItem("user", TURN_ABORTED)).catch(log);
    else if (failure) await this.context.closeCalls().catch(log);
    const items = () => view.turns.find((known) => known.id === turn.id)?.items ?? [];
    for (const item of items().filter(isUnfinished)) {
      if (!this.terminals.runs(item.id)) this.record.ended(turn.id, endedItem(item, clock.now())).catch(log);
    }
    const end = endOf(failure, { nowMs: clock.now(), startedAtMs: items()[0]?.startedAtMs ?? clock.now() });
    await this.record.keep({ type: "turnEnd", turnId: turn.id, end }).catch(log);
    view.thread.updatedAt = end.completedAt;
    // From here on nothing waits, so that whoever is told of the end can start the next turn at once.
    this.#running = undefined;
    this.setStatus({ type: "idle" });
    const answer = items()
      .filter((item) => item.type === "agentMessage" && item.text !== "")
      .slice(-1);
    this.record.notify({
      method: "turn/completed",
      params: { threadId: this.id, turn: { ...turn, ...end, items: answer, itemsView: "summary" } },
    });
  }
}

function effortWaits(lasting: string): string {
  return `This thread goes on with the effort it began with, ${lasting}: its model takes no other in the middle of a thread. The new one holds from the next compaction, or once another model is chosen.`;
}
