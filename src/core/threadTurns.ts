import { AgentError, toAgentError } from "../protocol/errors.ts";
import type { ItemOf } from "../protocol/items.ts";
import type { QueuedSubmission } from "../protocol/queue.ts";
import type { Turn } from "../protocol/threads.ts";
import { itemOfMessage, messageThatWaited, type UserMessage, waitingMessage } from "./messages.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { endTurn, newTurn, tellBeginning, tellEnd } from "./turnFrame.ts";
import type { TurnPlace } from "./turnThread.ts";
import { answerMessages, condenseContext, type WorkingThread } from "./turnWork.ts";

/** The thread that the turns are of. */
export interface TurnsThread extends WorkingThread {
  /** Keeps a turn's beginning, with the message that it begins with; and the thread itself, if that was not kept before. */
  keepTurn(turn: Turn, message: ItemOf<"userMessage"> | undefined): Promise<void>;
  /** Told when a turn has begun or ended; what it resolves with is known to the list of threads by then. Never rejects. */
  onTurn(): Promise<void>;
  /** Told when nothing is done in the thread any more. */
  onQuiet(): void;
}

type TurnWork = (thread: WorkingThread, place: TurnPlace) => Promise<void>;

interface RunningTurn {
  readonly turn: Turn;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** The turns of one thread: one at a time, each from its beginning to its end, and the next one when a message waits. */
export class ThreadTurns {
  readonly #thread: TurnsThread;
  readonly #deps: ThreadDeps;
  #running: RunningTurn | undefined;
  /** Resolves when what is done apart from turns is over; undefined while nothing is. */
  #apart: Promise<void> | undefined;
  /** Resolves when the newest turn is over, and what came of its end; undefined while there is none. */
  #seen: Promise<void> | undefined;
  #closed = false;
  /** True while waiting messages go on waiting although no turn runs: after a turn that did not end as it should, and after a restart. */
  #held: boolean;

  constructor(thread: TurnsThread, deps: ThreadDeps) {
    this.#thread = thread;
    this.#deps = deps;
    const { queue, turns } = thread.record.view;
    this.#held = queue.length > 0 || turns.at(-1)?.status === "inProgress";
  }

  /** Resolves when no turn runs. */
  get idle(): Promise<void> {
    return this.#running?.ended ?? Promise.resolve();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** True while a turn runs, or something is done apart from turns. */
  get isBusy(): boolean {
    return this.#running !== undefined || this.#apart !== undefined || this.#seen !== undefined;
  }

  /**
   * Begins a turn with the message, or lets it steer the turn that runs. Resolves with the turn once the message is journalled; the turn goes
   * on by itself. Rejects with `notFound` when the thread is closed, and when the message cannot be kept.
   */
  async start(message: UserMessage): Promise<Turn> {
    while (this.#apart) await this.#apart;
    this.#assertOpen();
    if (!this.#running) return this.#begin(answerMessages, message);
    const { turn } = this.#running;
    await this.#addSteer(message, turn.id);
    return turn;
  }

  /** Lets the message steer this turn. Rejects with `conflict` when it is not the one that runs. */
  async steer(message: UserMessage, turnId: string): Promise<void> {
    this.#assertOpen();
    if (this.#running?.turn.id !== turnId)
      throw new AgentError("conflict", "That turn is not running any more. Send the message to start another one.");
    await this.#addSteer(message, turnId);
  }

  /** Keeps the message until a turn has completed. When none runs it begins one, unless the last one was stopped or failed. */
  async enqueue(message: UserMessage): Promise<QueuedSubmission> {
    this.#assertOpen();
    const submission = waitingMessage(message);
    if (!this.#running && !this.#held && !this.#apart) {
      await this.start(message);
    } else {
      await this.#thread.queue.add(submission);
      await this.#goOn();
    }
    return submission;
  }

  /** Uses a waiting message now, the first unless one is named: it begins a turn, or steers the one that runs. Rejects with `notFound`. */
  async startQueued(id: string | undefined): Promise<Turn> {
    const wanted = id ?? this.#firstWaiting();
    if (wanted === undefined) throw new AgentError("notFound", "No message waits.");
    if (this.#running) {
      const { turn } = this.#running;
      await this.#thread.queue.steer(wanted, turn.id);
      await this.#releaseFrom(turn.id);
      return turn;
    }
    const turn = await this.#beginWaiting(wanted);
    if (!turn) throw new AgentError("notFound", "That message does not wait any more.");
    return turn;
  }

  /** Condenses the context: in a turn of its own, or before the next request of the turn that runs. Rejects with `invalid` when it is empty. */
  async compact(): Promise<void> {
    while (this.#apart) await this.#apart;
    this.#assertOpen();
    if (!this.#thread.context.hasBegun)
      throw new AgentError("invalid", "There is nothing to condense yet: the thread has no messages.");
    if (this.#running) this.#thread.compactionWanted = true;
    else await this.#begin(condenseContext);
  }

  /** Does what no turn may run beside; one that is to begin meanwhile waits for its end. Rejects with `conflict` while one runs. */
  async apart<T>(work: () => Promise<T>): Promise<T> {
    while (this.#apart) await this.#apart;
    this.#assertOpen();
    this.#assertIdle();
    const done = work();
    const over = () => {
      this.#apart = undefined;
      this.#quieten();
    };
    this.#apart = done.then(over, over);
    return done;
  }

  /** Stops the turn if it is the one that runs; resolves when it has ended. Rejects with `notFound` otherwise. */
  async interrupt(turnId: string): Promise<void> {
    if (this.#running?.turn.id !== turnId) throw new AgentError("notFound", "That turn is not running any more.");
    this.#running.stop.abort();
    await this.#running.ended;
  }

  /** Begins no further turn and stops the one that runs; resolves when everything is journalled. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.stop.abort();
    await this.#apart;
    await this.idle;
  }

  #quieten(): void {
    if (!this.isBusy) this.#thread.onQuiet();
  }

  #assertIdle(): void {
    if (this.#running)
      throw new AgentError("conflict", "A turn is running in this thread. Stop it, or wait for its end.");
  }

  #assertOpen(): void {
    if (this.#closed) throw new AgentError("notFound", "That thread is closed.");
  }

  async #addSteer(message: UserMessage, turnId: string): Promise<void> {
    this.#held = false;
    await this.#thread.queue.add(waitingMessage(message, turnId));
    await this.#releaseFrom(turnId);
  }

  /** A turn may have ended while a message was kept for it, which then is for the next one. */
  async #releaseFrom(turnId: string): Promise<void> {
    if (this.#running?.turn.id === turnId) return;
    await this.#thread.queue.release(turnId);
    await this.#goOn();
  }

  /** Begins what the user wants next, when nothing is in the way: first to condense the context, then the first message that waits. Never rejects. */
  async #goOn(): Promise<void> {
    if (this.#held || this.#running || this.#closed) return;
    const first = this.#deps.waiting === "keep" ? undefined : this.#firstWaiting();
    try {
      if (this.#thread.compactionWanted) await this.compact();
      else if (first !== undefined) await this.#beginWaiting(first);
    } catch (error) {
      // Another turn that began first goes on here when it has completed.
      if (toAgentError(error).code !== "conflict") this.#deps.log(error);
    }
  }

  #firstWaiting(): string | undefined {
    return this.#thread.queue.waiting.find(({ turnId }) => turnId === undefined)?.id;
  }

  /** Undefined when the message waits no more. */
  async #beginWaiting(id: string): Promise<Turn | undefined> {
    let turn: Turn | undefined;
    await this.#thread.queue.take(
      (submission) => submission.id === id,
      async ([waited]) => {
        turn = await this.#begin(answerMessages, messageThatWaited(waited));
      },
    );
    return turn;
  }

  async #begin(work: TurnWork, message?: UserMessage): Promise<Turn> {
    while (this.#apart) await this.#apart;
    this.#assertOpen();
    this.#assertIdle();
    const { newId, clock } = this.#deps;
    const item = message && itemOfMessage(message, clock.now());
    const turn = newTurn(newId(), clock.now());
    const stop = new AbortController();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#running = { turn, stop, ended };
    try {
      await this.#thread.keepTurn(turn, item);
    } catch (error) {
      this.#running = undefined;
      end();
      throw error;
    }
    if (item) this.#held = false;
    tellBeginning(this.#thread, turn, item);
    const place = { turnId: turn.id, stop, deps: this.#deps };
    const seen = this.#see(turn, { work: () => work(this.#thread, place), signal: stop.signal }).finally(() => {
      end();
      if (this.#seen === seen) this.#seen = undefined;
      this.#quieten();
    });
    this.#seen = seen;
    await this.#thread.onTurn();
    return turn;
  }

  /** Sees a turn to its end, whatever the end is. Never rejects. */
  async #see(turn: Turn, { work, signal }: { work: () => Promise<void>; signal: AbortSignal }): Promise<void> {
    let failure: AgentError | undefined;
    try {
      await work();
    } catch (error) {
      failure = toAgentError(error);
      if (failure.code === "internal") this.#deps.log(error);
    }
    const reason = signal.aborted ? new AgentError("aborted", "Stopped.") : failure;
    await this.#end(turn, reason).catch(this.#deps.log);
    await this.#releaseFrom(turn.id).catch(this.#deps.log);
  }

  async #end(turn: Turn, failure: AgentError | undefined): Promise<void> {
    const { queue, checkpoints } = this.#thread;
    const ended = await endTurn(this.#thread, { turn, failure }, this.#deps);
    this.#held ||= failure !== undefined;
    await queue.release(turn.id).catch(this.#deps.log);
    checkpoints.end();
    // From here on nothing waits, so that whoever is told of the end can start the next turn at once.
    this.#running = undefined;
    tellEnd(this.#thread, ended);
    void this.#thread.onTurn();
  }
}
