import { AgentError } from "../protocol/errors.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { Checkpoints } from "./review/checkpoints.ts";
import { type Restored, type RestoreParams, restoreThread } from "./review/restoreThread.ts";
import { type RebuiltThread, rebuildThread } from "./store/rebuild.ts";
import { revertsToUndo } from "./store/reverts.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import type { ThreadTurns } from "./threadTurns.ts";

/** The thread whose turns are taken back. */
export interface RevertedThread {
  readonly id: string;
  readonly record: ThreadRecord;
  readonly checkpoints: Checkpoints;
  readonly turns: ThreadTurns;
  /** Takes the context as the journal has it, in place of what was here. */
  restore(rebuilt: RebuiltThread): void;
  /** What the newest request cost; undefined before the first. */
  usageNotification(): ServerNotification | undefined;
  /** Told when what a list shows of the thread may have changed. */
  onTurn(): Promise<void>;
}

/** Takes turns of one thread back, with what they did to files where that is wanted, and brings again what was taken back. */
export class ThreadReverts {
  readonly #thread: RevertedThread;
  readonly #deps: ThreadDeps;

  constructor(thread: RevertedThread, deps: ThreadDeps) {
    this.#thread = thread;
    this.#deps = deps;
  }

  /** Takes back a turn and all after it; files stay as they are. Rejects with `conflict` while a turn runs, with `notFound` without that turn. */
  revert(beforeTurnId: string): Promise<void> {
    return this.#thread.turns.apart(() => this.#revert(beforeTurnId));
  }

  /** Takes files, turns or both back to a checkpoint. `onDecided` is called before clients are told of turns. Rejects with `conflict` while a turn runs, and as `restoreThread` does. */
  restoreTo(params: RestoreParams, onDecided: () => void): Promise<Restored> {
    const { host, paths, clock, newId, changes, settings } = this.#deps;
    const { id, checkpoints, record } = this.#thread;
    return this.#thread.turns.apart(async () => {
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
      if (restored.checkpointId !== null && !params.thread) await changes.undone.noteRestored(id, restored.files);
      return restored;
    });
  }

  async #planReturn(lastTurnId: string | null): Promise<(() => Promise<void>) | undefined> {
    const { record } = this.#thread;
    const { turns } = record.view;
    const at = turns.findIndex(({ id }) => id === lastTurnId);
    const next = turns[at + 1];
    if (at >= 0 || lastTurnId === null) return next && (() => this.#revert(next.id));
    const count = revertsToUndo((await record.journal.readAll()) ?? [], lastTurnId);
    if (count !== undefined) return () => this.#undoReverts(count);
    throw new AgentError(
      "conflict",
      "Messages came after the turns were taken back, so they cannot stand in the thread again. Restore the files alone, or take the newer messages back first.",
    );
  }

  async #revert(beforeTurnId: string): Promise<void> {
    const { id: threadId, record } = this.#thread;
    if (!record.view.turns.some(({ id }) => id === beforeTurnId))
      throw new AgentError("notFound", "That turn is not part of the thread any more.");
    await record.keep({ type: "revert", beforeTurnId });
    const rebuilt = await this.#reread();
    record.view.usage = rebuilt.view.usage;
    record.notify({ method: "thread/reverted", params: { threadId, beforeTurnId } });
    await this.#tellUsage();
  }

  async #undoReverts(count: number): Promise<void> {
    const { id: threadId, record } = this.#thread;
    for (let undone = 0; undone < count; undone++) await record.keep({ type: "revertUndone" });
    const { view } = await this.#reread();
    record.view.usage = view.usage;
    const turns = view.turns.slice(record.view.turns.length);
    record.notify({ method: "thread/revertUndone", params: { threadId, turns } });
    await this.#tellUsage();
  }

  /** Takes the context as the journal has it now. */
  async #reread(): Promise<RebuiltThread> {
    const { record } = this.#thread;
    const { id, path, cliVersion } = record.view.thread;
    const records = (await record.journal.read()) ?? [];
    const rebuilt = rebuildThread(records, { id, path: path ?? "", version: cliVersion });
    if (!rebuilt) throw new AgentError("internal", "The thread's journal cannot be read any more.");
    this.#thread.restore(rebuilt);
    return rebuilt;
  }

  async #tellUsage(): Promise<void> {
    const usage = this.#thread.usageNotification();
    if (usage) this.#thread.record.notify(usage);
    await this.#thread.onTurn();
  }
}
