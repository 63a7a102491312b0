import type { JournalledSettings } from "./store/records.ts";
import { runTurn } from "./turn.ts";
import { makeTurnRun, type ThreadTurn } from "./turnRun.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";

/** The thread that a turn works in. */
export interface WorkingThread extends TurnThread {
  readonly settings: JournalledSettings;
  /** Settles which model answers. */
  chooseModel(signal: AbortSignal): Promise<void>;
}

/** What a turn does with the messages that were said: it answers them. */
export async function answerMessages(thread: WorkingThread, place: TurnPlace): Promise<void> {
  const { signal } = place.stop;
  thread.checkpoints.begin(place.turnId);
  await thread.chooseModel(signal);
  const run = makeTurnRun(thread, place);
  const { cwd } = thread.record.view.thread;
  // What the model is told of its rights must be true for its first command, too.
  await place.deps.host.sandbox.ready;
  await makeReady(thread, run);
  await thread.context.beginTurn({ ...thread.settings, cwd, permissions: thread.permissions, signal });
  await runTurn(run);
}

/** What a turn does that has no message: it condenses the context. */
export async function condenseContext(thread: WorkingThread, place: TurnPlace): Promise<void> {
  await thread.chooseModel(place.stop.signal);
  await makeTurnRun(thread, place).compact("manual");
}

/** Condenses a context that is nearly full, or that the chosen model could not read: the old one still can, and gives an account of it. */
async function makeReady({ context, settings }: WorkingThread, run: ThreadTurn): Promise<void> {
  if (context.isFull(settings.model)) return run.compact("auto");
  if (!context.isSealedFor(settings.model)) return;
  await run.compact("auto").catch((error: unknown) => {
    // Without the old model, the new one is told that it cannot read that part.
    if (run.signal.aborted) throw error;
  });
}
