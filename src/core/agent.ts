import { AgentError } from "../protocol/errors.ts";
import type { UserInput } from "../protocol/items.ts";
import type { ListedModel, RequestResult } from "../protocol/methods.ts";
import type { OpenedThread } from "../protocol/threadMethods.ts";
import type { Thread as WireThread } from "../protocol/threads.ts";
import { viewOf } from "../protocol/threadView.ts";
import { LoadedThreads } from "./loadedThreads.ts";
import { readJournalledThread, readRecords } from "./loadThread.ts";
import type { UserMessage } from "./messages.ts";
import { listModels } from "./model/choose.ts";
import { whyRefused } from "./policy/whyRefused.ts";
import { readSentContext, type SentContextQuery } from "./prompt/sentContext.ts";
import { redactedDeps } from "./redactedDeps.ts";
import { ChangeStore } from "./review/changeStore.ts";
import { KeptSnapshots } from "./review/keptSnapshots.ts";
import { SessionAllowances } from "./sessionAllowances.ts";
import { type ForkPoint, forkedRecords } from "./store/fork.ts";
import { Journal, threadsElsewhere } from "./store/journal.ts";
import { emptyThread } from "./store/rebuild.ts";
import type { JournalledSettings, JournalRecord } from "./store/records.ts";
import { RuleStore } from "./store/rules.ts";
import { entryOf, type IndexEntry, ThreadIndex } from "./store/threadIndex.ts";
import { pageOf, type ThreadQuery } from "./store/threadList.ts";
import { Thread } from "./thread.ts";
import type { AgentDeps, ThreadDeps } from "./threadDeps.ts";
import {
  chosenSettings,
  type NewThreadOptions,
  newThreadSettings,
  requireFolder,
  type ThreadOptions,
} from "./threadOptions.ts";
import { ThreadRecord } from "./threadRecord.ts";

/** The agent: its threads, in memory and on disk. What happens is told through `deps.clients`. */
export class Agent {
  readonly changes: ChangeStore;
  readonly rules: RuleStore;
  readonly loaded: LoadedThreads;
  readonly #deps: ThreadDeps;
  readonly #index: ThreadIndex;

  constructor(given: AgentDeps) {
    const deps = redactedDeps(given);
    this.changes = new ChangeStore(deps);
    this.rules = ruleStoreFor(deps);
    const snapshots = new KeptSnapshots(deps.host);
    snapshots.onTurnFiles = (files) => this.changes.commands.compare(files);
    const allowances = new SessionAllowances();
    this.#deps = { ...deps, changes: this.changes, snapshots, rules: this.rules, allowances };
    this.#index = new ThreadIndex(deps.host.storage, deps);
    this.loaded = new LoadedThreads(this.#deps, (thread) => this.#note(thread));
  }

  /** A new, empty thread. It is kept from its first message on. Rejects with `invalid` when there is no folder to work in. */
  async startThread({ threadSource, ...options }: NewThreadOptions): Promise<OpenedThread> {
    const { host, newId, clock, version, source, secrets } = this.#deps;
    this.loaded.assertOpen();
    const cwd = options.cwd ?? host.editor.workspaceRoots()[0];
    if (!cwd)
      throw new AgentError("invalid", "No folder is open. Open one, so that the agent has something to work in.");
    const id = newId();
    const settings = await newThreadSettings(options, this.#deps);
    const now = Math.floor(clock.now() / 1000);
    const journal = new Journal(host.storage, id, secrets);
    const facts = { id, path: journal.path, version, cwd, createdAt: now, source, threadSource, settings };
    const view = viewOf(emptyThread(facts));
    const thread = new Thread(new ThreadRecord(view, journal, this.#deps), settings, {
      deps: this.#deps,
      journalled: false,
    });
    this.loaded.add(thread);
    thread.record.notify({ method: "thread/started", params: { thread: thread.snapshot() } });
    return thread.opened();
  }

  /** Loads a thread, or joins it when it is loaded. Rejects with `notFound`, and as `Thread.updateSettings` does. */
  async resumeThread(threadId: string, options: ThreadOptions): Promise<Thread> {
    const thread = await this.loaded.open(threadId);
    const { cwd } = options;
    const change = {
      ...chosenSettings(options, this.#deps.settings()),
      ...(cwd && cwd !== thread.record.view.thread.cwd ? { cwd } : {}),
    };
    if (Object.keys(change).length > 0) await thread.updateSettings(change);
    return thread;
  }

  /** A thread as it stands, without loading it. `onRead` is called at the moment that the result shows. Rejects with `notFound`. */
  async readThread(threadId: string, onRead: () => void): Promise<WireThread> {
    const loaded = await this.loaded.known(threadId);
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
    // Whoever opens one is told why that cannot be known.
    const elsewhere = await threadsElsewhere(this.#deps.host.storage).catch(() => new Map<string, string>());
    const listed = page.map((entry) => this.#listed(entry, elsewhere.get(entry.id)));
    return { data: await Promise.all(listed), nextCursor };
  }

  async renameThread(threadId: string, name: string): Promise<void> {
    const thread = await this.loaded.open(threadId);
    await thread.rename(name);
    await this.#note(thread);
  }

  async archiveThread(threadId: string, change: "archive" | "unarchive"): Promise<WireThread> {
    const thread = await this.loaded.open(threadId);
    await thread.archive(change);
    await this.#note(thread);
    return thread.snapshot();
  }

  /** Stops the thread and removes what is kept of it. */
  async deleteThread(threadId: string): Promise<void> {
    const thread = await this.loaded.open(threadId);
    await thread.close();
    await this.#index.settled();
    await thread.remove();
    this.loaded.drop(threadId);
    this.#deps.allowances.forget(threadId);
    await this.changes.forgetThread(threadId);
    await this.#deps.snapshots.remove(threadId).catch(this.#deps.log);
    thread.record.notify({ method: "thread/deleted", params: { threadId } });
  }

  async updateSettings(threadId: string, change: Partial<JournalledSettings>): Promise<void> {
    const thread = await this.loaded.open(threadId);
    await thread.updateSettings(change);
  }

  /** The moments that a thread can be taken back to, the newest first. Rejects with `notFound`. */
  async listCheckpoints(threadId: string): Promise<RequestResult<"checkpoint/list">> {
    const { checkpoints, record } = await this.loaded.open(threadId);
    const listed = await checkpoints.list(record.view.turns);
    return { data: listed.reverse(), ...(await this.#deps.snapshots.usage()) };
  }

  /** What a request to the model held, and on demand its bytes. Rejects with `notFound`. */
  async readContext(threadId: string, query: SentContextQuery): Promise<RequestResult<"thread/context/read">> {
    const { record } = await this.loaded.open(threadId);
    return readSentContext((await record.journal.read()) ?? [], query, this.#deps.settings().contextWindow);
  }

  /** A message as the user says it now. */
  message(input: readonly UserInput[], clientId: string | null | undefined): UserMessage {
    const { newId, secrets } = this.#deps;
    return { id: newId(), clientId: clientId ?? null, input: secrets.value(input) };
  }

  /** A new thread that begins as a copy of another, whole or up to one of its turns. Rejects with `notFound`, and with `invalid` for a folder that is none. */
  async forkThread(threadId: string, { until, ...options }: ThreadOptions & { until: ForkPoint }): Promise<Thread> {
    this.loaded.assertOpen();
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

  /** What the server lists. Rejects as `ModelClient.listModels` does. */
  listModels(signal: AbortSignal): Promise<ListedModel[]> {
    return listModels(this.#deps.model, this.#deps.settings, signal);
  }

  /**
   * Whether there is a key that can be used. Why there is none is told to whoever needs one. An address of the model server that is none is no
   * lack of a key: whoever sends a message is told of it.
   */
  async hasKey(): Promise<boolean> {
    try {
      const { apiKey, fetch } = await this.#deps.provider();
      return Boolean(apiKey) || fetch !== undefined;
    } catch (error) {
      return error instanceof AgentError && error.code === "badRequest";
    }
  }

  /** Opens no further thread, and ends every turn and every command; resolves when all of it is journalled. */
  async dispose(): Promise<void> {
    await this.loaded.dispose();
    await this.#index.settled();
    await this.changes.dispose();
  }

  /** A thread's journal as it stands, also of one that is open elsewhere. Rejects with `notFound`. */
  async #recordsOf(threadId: string): Promise<JournalRecord[]> {
    const loaded = await this.loaded.known(threadId);
    if (!loaded) return readRecords(threadId, this.#deps);
    await loaded.checkpoints.settled();
    return (await loaded.record.journal.read()) ?? [];
  }

  async #note(thread: Thread): Promise<void> {
    const { archived, record } = thread;
    if (thread.kept) await this.#index.put(entryOf({ view: record.view, archived })).catch(this.#deps.log);
  }

  async #listed({ id, thread }: IndexEntry, elsewhere: string | undefined): Promise<WireThread> {
    const loaded = await this.loaded.known(id)?.catch(() => undefined);
    if (loaded) return { ...thread, turns: [], status: loaded.record.view.thread.status };
    return { ...thread, turns: [], status: { type: "notLoaded" }, ...(elsewhere === undefined ? {} : { elsewhere }) };
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
