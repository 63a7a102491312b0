import { AgentError } from "../protocol/errors.ts";
import { loadThread } from "./loadThread.ts";
import type { Thread } from "./thread.ts";
import type { ThreadDeps } from "./threadDeps.ts";

/** The threads in memory: each is loaded once, and let go when no client uses it and nothing goes on in it. */
export class LoadedThreads {
  readonly #deps: ThreadDeps;
  readonly #note: (thread: Thread) => Promise<void>;
  readonly #threads = new Map<string, Promise<Thread>>();
  /** Threads that are being let go: they are loaded again only after that. */
  readonly #leaving = new Map<string, Promise<void>>();
  #disposed = false;

  /** `note` is told when what a list shows of a thread may have changed. It never rejects. */
  constructor(deps: ThreadDeps, note: (thread: Thread) => Promise<void>) {
    this.#deps = deps;
    this.#note = note;
  }

  /** Throws `aborted` once `dispose` was called. */
  assertOpen(): void {
    if (this.#disposed) throw ended();
  }

  /** Takes a thread that is new. */
  add(thread: Thread): void {
    this.#follow(thread);
    this.#threads.set(thread.id, Promise.resolve(thread));
  }

  /** The thread, once it is loaded; undefined when nobody has asked for it. */
  known(threadId: string): Promise<Thread> | undefined {
    return this.#threads.get(threadId);
  }

  /** The thread, loaded. Rejects as `loadThread` does, and with `aborted` once the agent has ended. */
  open(threadId: string): Promise<Thread> {
    const known = this.#threads.get(threadId);
    if (known) return known;
    if (this.#disposed) return Promise.reject(ended());
    const loading = this.#left(threadId).then(() => this.#load(threadId));
    this.#threads.set(threadId, loading);
    loading.catch(() => this.#threads.delete(threadId));
    return loading;
  }

  /** Drops a thread that was removed. */
  drop(threadId: string): void {
    this.#threads.delete(threadId);
  }

  /** Of those that are loaded. */
  async ids(): Promise<string[]> {
    const loaded = await Promise.allSettled(this.#threads.values());
    return loaded.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
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
}

function ended(): AgentError {
  return new AgentError("aborted", "The agent has ended. Start it again.");
}
