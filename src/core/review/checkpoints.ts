import { type AgentError, toAgentError } from "../../protocol/errors.ts";
import type { Checkpoint } from "../../protocol/review.ts";
import { isTrusted } from "../policy/isTrusted.ts";
import type { CheckpointFiles, JournalRecord } from "../store/records.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import type { Effect } from "../tools/effect.ts";
import { presentRoots, snapshotRoots } from "./snapshotRoots.ts";
import { turnDoing } from "./turnDoing.ts";

/** How long the first command of a turn waits for a snapshot, in milliseconds: the first one of a large folder takes a while. */
const MAXIMUM_WAIT_MS = 15_000;
/** How long the end of the program waits for the last one. */
const CLOSING_MS = 2000;

/** The thread that the checkpoints are of. */
export interface CheckpointThread {
  readonly id: string;
  /** Where its commands run. */
  cwd(): string;
  keep(record: JournalRecord): Promise<void>;
  warn(message: string): void;
}

/** A snapshot, and what it is of: another one beside it is of the same folders, whatever is opened or closed meanwhile. */
interface Taken {
  readonly id: string;
  readonly roots: readonly string[];
}

interface RunningTurn {
  readonly files: CheckpointFiles;
  /** Resolves with null when there is none. */
  readonly before: Promise<Taken | null>;
  ranCommand: boolean;
  /** Resolves when the snapshot before is journalled; undefined until the turn is about to change something. */
  noted: Promise<void> | undefined;
}

/**
 * The moments that a thread's files can be taken back to. A turn has a snapshot before, which its first command or edit waits for and nothing
 * else does, and one after it when it may have changed something.
 */
export class Checkpoints {
  readonly #thread: CheckpointThread;
  readonly #deps: ThreadDeps;
  /** Oldest first, those of turns that were taken back included. */
  #all: CheckpointFiles[] = [];
  #running: RunningTurn | undefined;
  /** Stops the newest snapshot before a turn. */
  #stop = new AbortController();
  /** Resolves when the snapshot after the last turn is kept. Never rejects. */
  #last: Promise<void> = Promise.resolve();
  #warned = false;
  /** The folder is too large to be looked at before each turn. */
  #givenUp = false;

  constructor(thread: CheckpointThread, deps: ThreadDeps) {
    this.#thread = thread;
    this.#deps = deps;
  }

  /** What the journal has. */
  load(all: readonly CheckpointFiles[]): void {
    this.#all = [...all];
  }

  /** Begins the snapshot before a turn. */
  begin(turnId: string): void {
    this.#stop = new AbortController();
    const createdAt = Math.floor(this.#deps.clock.now() / 1000);
    const checkpoint = { id: turnId, kind: "turn", turnId, createdAt } as const;
    const files = { checkpoint, before: null, after: null, changedFiles: null };
    const before = this.#canTake() ? this.#takeInTime(this.#stop) : Promise.resolve(null);
    this.#running = { files, before, ranCommand: false, noted: undefined };
    this.#deps.changes.commands.begin({ threadId: this.#thread.id, turnId });
  }

  /** Resolves when a call of the running turn may have this effect: when the files are noted as they were. Never rejects. */
  async ready(effect: Effect, signal: AbortSignal): Promise<void> {
    const running = this.#running;
    if (!running || effect.kind === "none" || effect.kind === "read") return;
    if (effect.kind !== "edit") running.ranCommand = true;
    running.noted ??= this.#noteBefore(running);
    await orAborted(running.noted, signal);
  }

  /** Begins the snapshot after the turn, if it may have changed something. */
  end(): void {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    const { changes, log } = this.#deps;
    const over = () => changes.commands.end(running.files.checkpoint.turnId);
    this.#last = this.#last
      .then(() => this.#finish(running))
      .then(over, (error: unknown) => {
        log(error);
        over();
      });
  }

  /** Resolves when everything is kept that is known of the turns that have ended. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** The same, but gives up what takes too long, and first of all what no turn needs any more. */
  async close(): Promise<void> {
    const waiting = new AbortController();
    this.#stop.abort();
    await Promise.race([this.#last, this.#deps.clock.sleep(CLOSING_MS, waiting.signal).catch(() => {})]);
    waiting.abort();
  }

  /** Those of turns of the thread and of restorings, oldest first. */
  async list(
    turns: readonly { readonly id: string; readonly startedAt?: number | null | undefined }[],
  ): Promise<Checkpoint[]> {
    const withFiles = await this.#deps.snapshots.withFiles(this.#thread.id);
    const known = new Map(this.#all.map((files) => [files.checkpoint.id, files]));
    const running = this.#running?.files.checkpoint.id;
    const listed = turns.map(({ id, startedAt }): Checkpoint => {
      const { checkpoint, changedFiles = null } = known.get(id) ?? {};
      const createdAt = checkpoint?.createdAt ?? startedAt ?? 0;
      const hasFiles = withFiles.has(id) || (id === running && this.#canTake());
      return { id, threadId: this.#thread.id, kind: "turn", turnId: id, createdAt, hasFiles, changedFiles };
    });
    for (const { checkpoint, changedFiles } of this.#all) {
      const { lastTurnId: _, ...facts } = checkpoint;
      if (facts.kind !== "restore") continue;
      listed.push({ ...facts, threadId: this.#thread.id, hasFiles: withFiles.has(facts.id), changedFiles });
    }
    const order = new Map(this.#all.map(({ checkpoint }, at) => [checkpoint.id, at]));
    const orderOf = ({ id }: Checkpoint) => order.get(id) ?? (id === running ? order.size : -1);
    return listed.sort((one, other) => one.createdAt - other.createdAt || orderOf(one) - orderOf(other));
  }

  /** A checkpoint with all that changed files since, oldest first; undefined when it is not known. */
  since(checkpointId: string): readonly [CheckpointFiles, ...CheckpointFiles[]] | undefined {
    const at = this.#all.findIndex(({ checkpoint }) => checkpoint.id === checkpointId);
    const [first, ...rest] = at < 0 ? [] : this.#all.slice(at);
    return first && [first, ...rest];
  }

  async hasFiles(checkpointId: string): Promise<boolean> {
    return (await this.#deps.snapshots.withFiles(this.#thread.id)).has(checkpointId);
  }

  /** A snapshot of the files as they are. Rejects as `Snapshots.take` does. */
  take(roots: readonly string[], signal: AbortSignal): Promise<string> {
    return this.#deps.snapshots.take(roots, signal);
  }

  /** The folders that snapshots are taken of: all that are open, when the thread works in one of them. */
  roots(): readonly string[] {
    return snapshotRoots(this.#thread.cwd(), this.#deps);
  }

  /** The same without those that were deleted, unless that are all. Never rejects. */
  presentRoots(): Promise<readonly string[]> {
    return presentRoots(this.roots(), this.#deps);
  }

  /** Notes what is known of a checkpoint by now, in place of what was. Rejects when that cannot be kept. */
  async note(files: CheckpointFiles): Promise<void> {
    const { id, createdAt } = files.checkpoint;
    const at = this.#all.findIndex(({ checkpoint }) => checkpoint.id === id);
    this.#all.splice(at < 0 ? this.#all.length : at, 1, files);
    const snapshots = [files.before, files.after].filter((one) => one !== null);
    if (files.before !== null) {
      await this.#deps.snapshots.claim(this.#thread.id, { checkpointId: id, createdAt, snapshots });
    }
    await this.#thread.keep({ type: "checkpointFiles", ...files });
  }

  #canTake(): boolean {
    const { settings, paths } = this.#deps;
    return isTrusted(settings(), this.#thread.cwd(), paths) && !this.#givenUp;
  }

  async #takeInTime(stop: AbortController): Promise<Taken | null> {
    const roots = await this.presentRoots();
    const waiting = new AbortController();
    let late = false;
    this.#deps.clock.sleep(MAXIMUM_WAIT_MS, waiting.signal).then(
      () => {
        late = true;
        stop.abort();
      },
      () => {},
    );
    try {
      return { id: await this.take(roots, stop.signal), roots };
    } catch (error) {
      this.#noticeFailure(toAgentError(error), { late });
      return null;
    } finally {
      waiting.abort();
    }
  }

  #noticeFailure(error: AgentError, { late }: { late: boolean } = { late: false }): void {
    if (error.code === "aborted" && !late) return;
    this.#givenUp ||= late || error.code === "tooLarge";
    if (this.#warned) return;
    this.#warned = true;
    const reason = late
      ? "Looking at the folder takes too long. Name in .gitignore what need not be kept, or open a smaller folder."
      : error.message;
    this.#thread.warn(`No checkpoint of the files could be made, so this turn's changes cannot be restored. ${reason}`);
  }

  async #noteBefore({ files, before: taking }: RunningTurn): Promise<void> {
    const before = (await taking)?.id ?? null;
    if (before !== null) this.#deps.changes.commands.snapshot(files.checkpoint.turnId, before);
    await this.note({ ...files, before }).catch((error: unknown) => this.#noticeFailure(toAgentError(error)));
  }

  async #finish(running: RunningTurn): Promise<void> {
    const { files, before: taking, ranCommand, noted } = running;
    const taken = await taking;
    await noted;
    if (taken === null) return this.note(files);
    const { id: before, roots } = taken;
    if (!noted) return this.note({ ...files, before, after: before, changedFiles: 0 });
    const after = await this.take(roots, new AbortController().signal).catch((error: unknown) => {
      this.#noticeFailure(toAgentError(error));
      return null;
    });
    if (after === null) return;
    const { turnId } = files.checkpoint;
    const doing = await turnDoing({ turnId, ranCommand, before, after }, this.#deps);
    await this.note({ ...files, before, after, ...doing });
    const { snapshots } = this.#deps;
    snapshots.onTurnFiles({ threadId: this.#thread.id, turnId, before, after });
    await snapshots.enforce(this.#thread.id);
  }
}

/** Resolves early when the signal is aborted. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  await Promise.race([work, aborted]);
  signal.removeEventListener("abort", stop);
}
