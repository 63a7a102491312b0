import { AgentError, type ErrorCode, toAgentError } from "../protocol/errors.ts";
import type { ItemOf, UserInput } from "../protocol/items.ts";
import type { OpenedThread, ServerNotification } from "../protocol/methods.ts";
import type { ThreadStatus, Turn, Thread as WireThread } from "../protocol/threads.ts";
import { turnErrorOf } from "./failureKind.ts";
import { chooseModel } from "./model/choose.ts";
import type { Permissions } from "./policy/judge.ts";
import { messageItem } from "./prompt/contextLog.ts";
import { ThreadContext } from "./prompt/threadContext.ts";
import type { JournalledSettings } from "./store/journal.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import { Terminals } from "./tools/terminals.ts";
import { runTurn } from "./turn.ts";
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
  #running: { turnId: string; stop: AbortController; ended: Promise<void> } | undefined;

  constructor(record: ThreadRecord, settings: JournalledSettings, options: { deps: ThreadDeps; journalled: boolean }) {
    const { deps } = options;
    this.record = record;
    this.settings = settings;
    this.#deps = deps;
    this.#journalled = options.journalled;
    this.terminals = new Terminals(deps.host, deps.clock);
    const { id, cwd } = record.view.thread;
    this.context = new ThreadContext({ threadId: id, cwd, journal: record.journal }, deps);
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
    const workspaceRoots = this.#deps.host.editor.workspaceRoots();
    return { approvalPolicy, sandboxPolicy, workspaceRoots, trusted: this.#deps.settings().trusted };
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
   * Rejects with `conflict` while another turn runs, and when the message cannot be kept.
   */
  async startTurn(input: readonly UserInput[], clientId: string | null): Promise<Turn> {
    if (this.#running)
      throw new AgentError("conflict", "A turn is running in this thread. Stop it, or wait for its end.");
    const { newId, clock } = this.#deps;
    const nowMs = clock.now();
    const item: ItemOf<"userMessage"> = {
      type: "userMessage",
      id: newId(),
      clientId,
      content: [...input],
      startedAtMs: nowMs,
      completedAtMs: nowMs,
    };
    const turn: Turn = {
      id: newId(),
      items: [],
      itemsView: "notLoaded",
      status: "inProgress",
      error: null,
      startedAt: Math.floor(nowMs / 1000),
      completedAt: null,
      durationMs: null,
    };
    const stop = new AbortController();
    const running = { turnId: turn.id, stop, ended: Promise.resolve() };
    this.#running = running;
    try {
      await this.#keepMessage(turn, item);
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
    this.#announce(turn, item);
    running.ended = this.#run(turn, input, stop.signal);
    return turn;
  }

  /** Stops the turn if it is the one that runs; resolves when it has ended. Rejects with `notFound` otherwise. */
  async interrupt(turnId: string): Promise<void> {
    if (this.#running?.turnId !== turnId) throw new AgentError("notFound", "That turn is not running any more.");
    this.#running.stop.abort();
    await this.#running.ended;
  }

  async updateSettings(change: Partial<JournalledSettings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    if (this.#journalled) await this.record.keep({ type: "settings", settings: this.settings });
    this.record.notify({
      method: "thread/settings/updated",
      params: { threadId: this.id, threadSettings: this.#wireSettings() },
    });
  }

  async rename(name: string): Promise<void> {
    if (this.#journalled) await this.record.keep({ type: "name", name });
    this.record.notify({ method: "thread/name/updated", params: { threadId: this.id, threadName: name } });
  }

  /** Stops what runs and ends all commands; resolves when everything is journalled. */
  async close(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
    await this.terminals.killAll();
  }

  async #keepMessage(turn: Turn, item: ItemOf<"userMessage">): Promise<void> {
    const { id, cwd, createdAt, source } = this.record.view.thread;
    await this.record.keep(
      ...(this.#journalled
        ? []
        : ([
            { type: "thread", version: 1, id, cwd, createdAt, source },
            { type: "settings", settings: this.settings },
          ] as const)),
      { type: "turn", turnId: turn.id, startedAt: turn.startedAt ?? 0 },
      { type: "item", turnId: turn.id, item },
    );
    this.#journalled = true;
  }

  #announce(turn: Turn, item: ItemOf<"userMessage">): void {
    const { view } = this.record;
    view.thread.updatedAt = turn.startedAt ?? view.thread.updatedAt;
    this.setStatus({ type: "active", activeFlags: [] });
    this.record.notify({ method: "turn/started", params: { threadId: this.id, turn } });
    this.record.started(turn.id, { ...item, completedAtMs: null });
    const params = { threadId: this.id, turnId: turn.id, item, completedAtMs: item.completedAtMs ?? 0 };
    this.record.notify({ method: "item/completed", params });
  }

  setStatus(status: ThreadStatus): void {
    this.record.notify({ method: "thread/status/changed", params: { threadId: this.id, status } });
  }

  /** Runs a turn to its end, whatever the end is. Never rejects. */
  async #run(turn: Turn, input: readonly UserInput[], signal: AbortSignal): Promise<void> {
    let failure: AgentError | undefined;
    try {
      await this.#chooseModel(signal);
      const { model, effort } = this.settings;
      await this.context.beginTurn({ turnId: turn.id, input, model, effort, permissions: this.permissions, signal });
      await runTurn(
        makeTurnRun(this, { turnId: turn.id, stop: this.#running?.stop ?? new AbortController(), deps: this.#deps }),
      );
    } catch (error) {
      failure = toAgentError(error);
      if (failure.code === "internal") this.#deps.log(error);
    }
    await this.#end(turn, signal.aborted ? new AgentError("aborted", "Stopped.") : failure).catch(this.#deps.log);
    this.#running = undefined;
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
    const { clock } = this.#deps;
    const status = endStatus(failure?.code);
    if (status === "interrupted") await this.context.noteAbort(messageItem("user", TURN_ABORTED)).catch(this.#deps.log);
    const nowMs = clock.now();
    const end = {
      status,
      error: failure && status === "failed" ? turnErrorOf(failure) : null,
      completedAt: Math.floor(nowMs / 1000),
      durationMs: nowMs - this.#startedAtMs(turn),
    };
    await this.record.keep({ type: "turnEnd", turnId: turn.id, end }).catch(this.#deps.log);
    this.record.view.thread.updatedAt = end.completedAt;
    this.setStatus({ type: "idle" });
    const items = this.#lastMessage(turn.id);
    this.record.notify({
      method: "turn/completed",
      params: { threadId: this.id, turn: { ...turn, ...end, items, itemsView: "summary" } },
    });
  }

  #startedAtMs(turn: Turn): number {
    const first = this.record.view.turns.find((known) => known.id === turn.id)?.items[0];
    return first?.startedAtMs ?? this.#deps.clock.now();
  }

  #lastMessage(turnId: string) {
    const items = this.record.view.turns.find((known) => known.id === turnId)?.items ?? [];
    return items.filter((item) => item.type === "agentMessage" && item.text !== "").slice(-1);
  }

  #wireSettings() {
    const { model, modelProvider, approvalPolicy, sandboxPolicy, effort } = this.settings;
    return {
      cwd: this.record.view.thread.cwd,
      model,
      modelProvider,
      approvalPolicy,
      approvalsReviewer: "user",
      sandboxPolicy,
      effort,
      collaborationMode: { mode: "default", settings: { model, reasoning_effort: effort } },
    } as const;
  }
}

function endStatus(code: ErrorCode | undefined): "completed" | "interrupted" | "failed" {
  if (code === undefined) return "completed";
  return code === "aborted" ? "interrupted" : "failed";
}
