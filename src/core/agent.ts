import { AgentError } from "../protocol/errors.ts";
import type { UserInput } from "../protocol/items.ts";
import type { ListedModel, RequestResult } from "../protocol/methods.ts";
import type { ApprovalPolicy, EditReview, SandboxMode } from "../protocol/settings.ts";
import type { OpenedThread } from "../protocol/threadMethods.ts";
import type { Thread as WireThread } from "../protocol/threads.ts";
import { viewOf } from "../protocol/threadView.ts";
import { loadThread, readJournalledThread, readRecords } from "./loadThread.ts";
import type { UserMessage } from "./messages.ts";
import { pickModel, traitsOf } from "./model/models.ts";
import { whyRefused } from "./policy/whyRefused.ts";
import { readSentContext, type SentContextQuery } from "./prompt/sentContext.ts";
import { redactedDeps } from "./redactedDeps.ts";
import { ChangeStore } from "./review/changeStore.ts";
import { KeptSnapshots } from "./review/keptSnapshots.ts";
import { SessionAllowances } from "./sessionAllowances.ts";
import { type AgentSettings, sandboxPolicyOf } from "./settings.ts";
import { type ForkPoint, forkedRecords } from "./store/fork.ts";
import { Journal } from "./store/journal.ts";
import { emptyThread } from "./store/rebuild.ts";
import type { JournalledSettings, JournalRecord } from "./store/records.ts";
import { RuleStore } from "./store/rules.ts";
import { entryOf, type IndexEntry, ThreadIndex } from "./store/threadIndex.ts";
import { pageOf, type ThreadQuery } from "./store/threadList.ts";
import { requireFolder, Thread } from "./thread.ts";
import type { AgentDeps, ThreadDeps } from "./threadDeps.ts";
import { ThreadRecord } from "./threadRecord.ts";

/** What a client may choose when it opens a thread; the user's settings hold for the rest. */
export interface ThreadOptions {
  readonly cwd?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly approvalPolicy?: ApprovalPolicy | null | undefined;
  readonly sandbox?: SandboxMode | null | undefined;
  readonly editReview?: EditReview | null | undefined;
}

/** What a client may say of a new thread besides. */
export interface NewThreadOptions extends ThreadOptions {
  /** What starts it, for whoever lists threads. */
  readonly threadSource?: string | null | undefined;
}

/** The agent: its threads, in memory and on disk. What happens is told through `deps.clients`. */
export class Agent {
  readonly changes: ChangeStore;
  readonly rules: RuleStore;
  readonly #deps: ThreadDeps;
  readonly #index: ThreadIndex;
  readonly #threads = new Map<string, Promise<Thread>>();
  /** Threads that are being let go: they are loaded again only after that. */
  readonly #leaving = new Map<string, Promise<void>>();
  #disposed = false;

  constructor(given: AgentDeps) {
    const deps = redactedDeps(given);
    this.changes = new ChangeStore(deps);
    this.rules = ruleStoreFor(deps);
    const snapshots = new KeptSnapshots(deps.host);
    snapshots.onTurnFiles = (files) => this.changes.commands.compare(files);
    const allowances = new SessionAllowances();
    this.#deps = { ...deps, changes: this.changes, snapshots, rules: this.rules, allowances };
    this.#index = new ThreadIndex(deps.host.storage, deps);
  }

  /** A new, empty thread. It is kept from its first message on. Rejects with `invalid` when there is no folder to work in. */
  async startThread({ threadSource, ...options }: NewThreadOptions): Promise<OpenedThread> {
    const { host, newId, clock, version, source, secrets } = this.#deps;
    if (this.#disposed) throw ended();
    const cwd = options.cwd ?? host.editor.workspaceRoots()[0];
    if (!cwd)
      throw new AgentError("invalid", "No folder is open. Open one, so that the agent has something to work in.");
    const id = newId();
    const settings = await this.#settingsFor(options);
    const now = Math.floor(clock.now() / 1000);
    const journal = new Journal(host.storage, id, secrets);
    const facts = { id, path: journal.path, version, cwd, createdAt: now, source, threadSource, settings };
    const view = viewOf(emptyThread(facts));
    const thread = new Thread(new ThreadRecord(view, journal, this.#deps), settings, {
      deps: this.#deps,
      journalled: false,
    });
    this.#follow(thread);
    this.#threads.set(id, Promise.resolve(thread));
    thread.record.notify({ method: "thread/started", params: { thread: thread.snapshot() } });
    return thread.opened();
  }

  /** Loads a thread, or joins it when it is loaded. Rejects with `notFound`, and as `Thread.updateSettings` does. */
  async resumeThread(threadId: string, options: ThreadOptions): Promise<Thread> {
    const thread = await this.#open(threadId);
    const { cwd } = options;
    const change = {
      ...changeOf(options, this.#deps.settings()),
      ...(cwd && cwd !== thread.record.view.thread.cwd ? { cwd } : {}),
    };
    if (Object.keys(change).length > 0) await thread.updateSettings(change);
    return thread;
  }

  /** A thread as it stands, without loading it. `onRead` is called at the moment that the result shows. Rejects with `notFound`. */
  async readThread(threadId: string, onRead: () => void): Promise<WireThread> {
    const loaded = await this.#threads.get(threadId);
    if (loaded) {
      const thread = loaded.snapshot();
      onRead();
      return thread;
    }
    const { thread, turns } = await readJournalledThread(threadId, this.#deps);
    return { ...thread, turns, status: { type: "notLoaded" } };
  }

  /** The newest first. */
  async listThreads(query: ThreadQuery): Promise<{ data: WireThread[]; nextCursor: string | null }> {
    const { page, nextCursor } = pageOf(await this.#index.list(), query);
    return { data: await Promise.all(page.map((entry) => this.#listed(entry))), nextCursor };
  }

  async renameThread(threadId: string, name: string): Promise<void> {
    const thread = await this.#open(threadId);
    await thread.rename(name);
    await this.#note(thread);
  }

  async archiveThread(threadId: string, change: "archive" | "unarchive"): Promise<WireThread> {
    const thread = await this.#open(threadId);
    await thread.archive(change);
    await this.#note(thread);
    return thread.snapshot();
  }

  /** Stops the thread and removes what is kept of it. */
  async deleteThread(threadId: string): Promise<void> {
    const thread = await this.#open(threadId);
    await thread.close();
    await this.#index.settled();
    await thread.remove();
    this.#threads.delete(threadId);
    this.#deps.allowances.forget(threadId);
    await this.changes.forgetThread(threadId);
    await this.#deps.snapshots.remove(threadId).catch(this.#deps.log);
    thread.record.notify({ method: "thread/deleted", params: { threadId } });
  }

  async updateSettings(threadId: string, change: Partial<JournalledSettings>): Promise<void> {
    const thread = await this.#open(threadId);
    await thread.updateSettings(change);
  }

  /** The thread, loaded. Rejects with `notFound`. */
  thread(threadId: string): Promise<Thread> {
    return this.#open(threadId);
  }

  /** The moments that a thread can be taken back to, the newest first. Rejects with `notFound`. */
  async listCheckpoints(threadId: string): Promise<RequestResult<"checkpoint/list">> {
    const { checkpoints, record } = await this.#open(threadId);
    const listed = await checkpoints.list(record.view.turns);
    return { data: listed.reverse(), ...(await this.#deps.snapshots.usage()) };
  }

  /** What a request to the model held, and on demand its bytes. Rejects with `notFound`. */
  async readContext(threadId: string, query: SentContextQuery): Promise<RequestResult<"thread/context/read">> {
    const { record } = await this.#open(threadId);
    return readSentContext((await record.journal.read()) ?? [], query, this.#deps.settings().contextWindow);
  }

  /** The ids of the threads that are loaded. */
  async loadedThreads(): Promise<string[]> {
    const loaded = await Promise.allSettled(this.#threads.values());
    return loaded.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
  }

  /** A message as the user says it now. */
  message(input: readonly UserInput[], clientId: string | null | undefined): UserMessage {
    const { newId, secrets } = this.#deps;
    return { id: newId(), clientId: clientId ?? null, input: secrets.value(input) };
  }

  /** A new thread that begins as a copy of another, whole or up to one of its turns. Rejects with `notFound`, and with `invalid` for a folder that is none. */
  async forkThread(threadId: string, { until, ...options }: ThreadOptions & { until: ForkPoint }): Promise<Thread> {
    if (this.#disposed) throw ended();
    const { newId, host, snapshots, secrets } = this.#deps;
    if (options.cwd) await requireFolder(options.cwd, this.#deps);
    const source = await this.#recordsOf(threadId);
    const id = newId();
    const now = Math.floor(this.#deps.clock.now() / 1000);
    const records = forkedRecords(source, { id, now, until });
    const checkpoints = records.flatMap((record) => (record.type === "checkpointFiles" ? [record.checkpoint.id] : []));
    await snapshots.copy(threadId, { to: id, checkpointIds: new Set(checkpoints) });
    const journal = new Journal(host.storage, id, secrets);
    await journal.appendAll(records);
    await journal.close();
    const thread = await this.resumeThread(id, options);
    thread.record.notify({ method: "thread/started", params: { thread: thread.snapshot() } });
    await this.#note(thread);
    return thread;
  }

  /**
   * Lets other programs go on with a thread that no client uses and in which nothing goes on; it is loaded again when it is asked for. One that is
   * not kept yet stays, since it would be gone. Resolves when that is done. Never rejects.
   */
  async letGo(threadId: string): Promise<void> {
    const loading = this.#threads.get(threadId);
    const thread = await loading?.catch(() => undefined);
    const isFree = () =>
      thread?.kept && thread.isQuiet && !this.#deps.clients.use(threadId) && this.#threads.get(threadId) === loading;
    if (!thread || !isFree()) return;
    await thread.checkpoints.settled();
    if (this.#disposed || !isFree()) return;
    this.#threads.delete(threadId);
    const leaving = this.#leave(thread)
      .catch(this.#deps.log)
      .finally(() => this.#leaving.delete(threadId));
    this.#leaving.set(threadId, leaving);
    await leaving;
  }

  /** What the server lists. Rejects as `ModelClient.listModels` does. */
  async listModels(signal: AbortSignal): Promise<ListedModel[]> {
    const ids = await this.#deps.model.listModels(signal);
    const preferred = pickModel(ids, this.#deps.settings().model);
    return ids.map((id) => {
      const { reasoning } = traitsOf(id);
      return {
        id,
        model: id,
        displayName: id,
        description: "",
        hidden: false,
        isDefault: id === preferred,
        defaultReasoningEffort: reasoning?.defaultEffort ?? "none",
        supportedReasoningEfforts: (reasoning?.efforts ?? []).map((effort) => ({
          reasoningEffort: effort,
          description: "",
        })),
      };
    });
  }

  /** Whether there is a key that can be used. Why there is none is told to whoever needs one. */
  async hasKey(): Promise<boolean> {
    const provider = await this.#deps.provider().catch(() => undefined);
    return Boolean(provider?.apiKey) || provider?.fetch !== undefined;
  }

  /** Opens no further thread, and ends every turn and every command; resolves when all of it is journalled. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const threads = await Promise.allSettled(this.#threads.values());
    await Promise.allSettled(
      threads.map(async (thread) => {
        if (thread.status === "rejected") return;
        await thread.value.close();
        await thread.value.record.journal.close();
      }),
    );
    await Promise.all(this.#leaving.values());
    await this.#index.settled();
    await this.changes.dispose();
  }

  /** A thread's journal as it stands, also of one that is open elsewhere. Rejects with `notFound`. */
  async #recordsOf(threadId: string): Promise<JournalRecord[]> {
    const loaded = await this.#threads.get(threadId);
    if (!loaded) return readRecords(threadId, this.#deps);
    await loaded.checkpoints.settled();
    return (await loaded.record.journal.read()) ?? [];
  }

  #open(threadId: string): Promise<Thread> {
    const known = this.#threads.get(threadId);
    if (known) return known;
    if (this.#disposed) return Promise.reject(ended());
    const loading = this.#left(threadId).then(() => this.#load(threadId));
    this.#threads.set(threadId, loading);
    loading.catch(() => this.#threads.delete(threadId));
    return loading;
  }

  /** Resolves when nobody is letting the thread go. Never rejects. */
  async #left(threadId: string): Promise<void> {
    await this.#leaving.get(threadId);
  }

  async #load(threadId: string): Promise<Thread> {
    const thread = await loadThread(threadId, this.#deps);
    this.#follow(thread);
    return thread;
  }

  #follow(thread: Thread): void {
    thread.onTurn = () => this.#note(thread);
    thread.onQuiet = () => void this.letGo(thread.id);
  }

  async #leave(thread: Thread): Promise<void> {
    await thread.close();
    await this.#note(thread);
    await thread.record.journal.close();
    this.#deps.clients.notify({ method: "thread/closed", params: { threadId: thread.id } });
  }

  async #note(thread: Thread): Promise<void> {
    const { archived, record } = thread;
    if (thread.kept) await this.#index.put(entryOf({ view: record.view, archived })).catch(this.#deps.log);
  }

  async #listed({ id, thread }: IndexEntry): Promise<WireThread> {
    const loaded = await this.#threads.get(id)?.catch(() => undefined);
    return { ...thread, turns: [], status: loaded?.record.view.thread.status ?? { type: "notLoaded" } };
  }

  async #settingsFor(options: ThreadOptions): Promise<JournalledSettings> {
    const settings = this.#deps.settings();
    const { model, effort, approvalPolicy, sandboxMode, editReview } = settings;
    const provider = await this.#deps.provider();
    const chosen = changeOf(options, settings);
    return {
      model: model ?? "",
      modelProvider: provider.name,
      effort: effort ?? null,
      approvalPolicy,
      sandboxPolicy: sandboxPolicyOf(sandboxMode, settings),
      editReview: editReview ?? "before",
      ...chosen,
    };
  }
}

function ruleStoreFor({ host, paths, newId, clock, clients }: AgentDeps): RuleStore {
  return new RuleStore({
    storage: host.storage,
    newId,
    now: () => clock.now(),
    whyRefused: (rule) => whyRefused(rule, paths),
    onChange: (rules) => clients.notify({ method: "rule/updated", params: { rules: [...rules] } }),
    onWarning: (message) => clients.notify({ method: "warning", params: { message } }),
  });
}

function changeOf(
  { model, approvalPolicy, sandbox, editReview }: ThreadOptions,
  settings: AgentSettings,
): Partial<JournalledSettings> {
  return {
    ...(model ? { model } : {}),
    ...(approvalPolicy ? { approvalPolicy } : {}),
    ...(sandbox ? { sandboxPolicy: sandboxPolicyOf(sandbox, settings) } : {}),
    ...(editReview ? { editReview } : {}),
  };
}

function ended(): AgentError {
  return new AgentError("aborted", "The agent has ended. Start it again.");
}
