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
import { isTrusted } from "./policy/isTrusted.ts";
import { absoluteFolder } from "./policy/paths.ts";
import type { Permissions } from "./policy/permissions.ts";
import { ThreadContext } from "./prompt/threadContext.ts";
import { Queue } from "./queue.ts";
import { Checkpoints } from "./review/checkpoints.ts";
import { type Restored, type RestoreParams, restoreThread } from "./review/restoreThread.ts";
import { completed } from "./settings.ts";
import { type RebuiltThread, rebuildThread } from "./store/rebuild.ts";
import type { JournalledSettings, JournalRecord } from "./store/records.ts";
import { revertsToUndo } from "./store/reverts.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import { ThreadTurns } from "./threadTurns.ts";
import { OUTPUT_FOLDER, removeOutput } from "./tools/outputLog.ts";
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
    const { approvalPolicy, sandboxPolicy, editReview } = this.settings;
    const { host, paths, settings } = this.#deps;
    const { cwd } = this.record.view.thread;
    const workspaceRoots = host.editor.workspaceRoots(cwd);
    const { temporary, os } = host.platform;
    const outputs = paths.join(host.storage.root, OUTPUT_FOLDER);
    const granted = sandboxPolicy.type === "workspaceWrite" ? (sandboxPolicy.writableRoots ?? []) : [];
    const writableRoots = granted.flatMap((folder) => absoluteFolder(folder, host.platform.home, paths) ?? []);
    const isOpen = workspaceRoots.some((root) => paths.isInside(root, cwd));
    return {
      approvalPolicy,
      sandboxPolicy: sandboxPolicy.type === "workspaceWrite" ? { ...sandboxPolicy, writableRoots } : sandboxPolicy,
      editReview,
      trusted: isOpen && isTrusted(settings(), cwd, paths),
      trustIsIn: settings().trustIsIn,
      workspaceRoots,
      readableRoots: [temporary, outputs, ...writableRoots],
      sandbox: host.sandbox.state,
      folders: {
        temporary,
        sharedTemporary: os === "windows" ? undefined : "/tmp",
        outputs,
        store: host.storage.root,
      },
    };
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

  /** Takes back a turn and all after it; files stay as they are. Rejects with `conflict` while a turn runs, with `notFound` without that turn. */
  revert(beforeTurnId: string): Promise<void> {
    return this.turns.apart(() => this.#revert(beforeTurnId));
  }

  /** Takes files, turns or both back to a checkpoint. `onDecided` is called before clients are told of turns. Rejects with `conflict` while a turn runs, and as `restoreThread` does. */
  restoreTo(params: RestoreParams, onDecided: () => void): Promise<Restored> {
    const { host, paths, clock, newId, changes, settings } = this.#deps;
    const { checkpoints, record } = this;
    return this.turns.apart(async () => {
      const restored = await restoreThread(
        {
          checkpoints,
          host,
          turns: record.view.turns,
          paths,
          settings,
          newId,
          now: () => Math.floor(clock.now() / 1000),
          onDecided,
          returnTo: (lastTurnId) => this.#planReturn(lastTurnId),
        },
        params,
      );
      // The context that goes back with the files needs no word about them.
      if (restored.checkpointId !== null && !params.thread) await changes.undone.noteRestored(this.id, restored.files);
      return restored;
    });
  }

  async #planReturn(lastTurnId: string | null): Promise<(() => Promise<void>) | undefined> {
    const { turns } = this.record.view;
    const at = turns.findIndex(({ id }) => id === lastTurnId);
    const next = turns[at + 1];
    if (at >= 0 || lastTurnId === null) return next && (() => this.#revert(next.id));
    const count = revertsToUndo((await this.record.journal.readAll()) ?? [], lastTurnId);
    if (count !== undefined) return () => this.#undoReverts(count);
    throw new AgentError(
      "conflict",
      "Messages came after the turns were taken back, so they cannot stand in the thread again. Restore the files alone, or take the newer messages back first.",
    );
  }

  async #revert(beforeTurnId: string): Promise<void> {
    if (!this.record.view.turns.some(({ id }) => id === beforeTurnId))
      throw new AgentError("notFound", "That turn is not part of the thread any more.");
    await this.record.keep({ type: "revert", beforeTurnId });
    const rebuilt = await this.#reread();
    this.record.view.usage = rebuilt.view.usage;
    this.record.notify({ method: "thread/reverted", params: { threadId: this.id, beforeTurnId } });
    await this.#tellUsage();
  }

  async #undoReverts(count: number): Promise<void> {
    for (let undone = 0; undone < count; undone++) await this.record.keep({ type: "revertUndone" });
    const { view } = await this.#reread();
    this.record.view.usage = view.usage;
    const turns = view.turns.slice(this.record.view.turns.length);
    this.record.notify({ method: "thread/revertUndone", params: { threadId: this.id, turns } });
    await this.#tellUsage();
  }

  /** Takes the context as the journal has it now. */
  async #reread(): Promise<RebuiltThread> {
    const { id, path, cliVersion } = this.record.view.thread;
    const records = (await this.record.journal.read()) ?? [];
    const rebuilt = rebuildThread(records, { id, path: path ?? "", version: cliVersion });
    if (!rebuilt) throw new AgentError("internal", "The thread's journal cannot be read any more.");
    this.restore(rebuilt);
    return rebuilt;
  }

  async #tellUsage(): Promise<void> {
    const usage = this.usageNotification();
    if (usage) this.record.notify(usage);
    await this.onTurn();
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

/** Rejects with `invalid` what is not the absolute path of a folder. */
export async function requireFolder(path: string, { host, paths }: Pick<ThreadDeps, "host" | "paths">): Promise<void> {
  const isAbsolute = paths.resolve("/", path) === paths.resolve("/elsewhere", path);
  const there = isAbsolute ? await host.files.stat(path, new AbortController().signal) : undefined;
  if (there?.kind === "folder") return;
  throw new AgentError("invalid", `${path} is not a folder to work in. Give the absolute path of one that is there.`);
}
