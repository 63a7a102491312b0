import { AgentError } from "../protocol/errors.ts";
import type { Turn } from "../protocol/threads.ts";
import { endedItem, isUnfinished } from "./endedItem.ts";
import { messageItem } from "./prompt/contextLog.ts";
import { Journal } from "./store/journal.ts";
import { type RebuiltThread, rebuildThread } from "./store/rebuild.ts";
import type { JournalRecord } from "./store/records.ts";
import { Thread } from "./thread.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { ThreadRecord } from "./threadRecord.ts";

const ENDED_EARLY =
  "<turn_aborted>\nThe turn was cut off in the middle: the program ended, or this is a copy of a thread that was at work. No command of it runs in this thread any more, also none with a session ID. Calls that were cut off may have done part of their work: check before you go on.\n</turn_aborted>";

/**
 * The thread as its journal has it. A turn that the last process did not live to end is ended now: its open calls get an output that says
 * so, and nothing is run again. Rejects with `notFound`, and with `conflict` when another process has it open.
 */
export async function loadThread(id: string, deps: ThreadDeps): Promise<Thread> {
  const journal = new Journal(deps.host.storage, id, deps.secrets);
  // Named so that it cannot be another file of the store.
  if (THREAD_ID.test(id)) await journal.open();
  try {
    return await openThread(journal, id, deps);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

async function openThread(journal: Journal, id: string, deps: ThreadDeps): Promise<Thread> {
  const rebuilt = await readJournal(journal, { id, version: deps.version });
  const { view, settings } = rebuilt;
  const thread = new Thread(new ThreadRecord(view, journal, deps), settings, { deps, journalled: true });
  thread.archived = rebuilt.archived;
  thread.restore(rebuilt);
  thread.checkpoints.load(rebuilt.checkpoints);
  const last = view.turns.at(-1);
  if (last?.status === "inProgress" && rebuilt.head) {
    await thread.context.append(rebuilt.unsaid.map((content) => ({ type: "message", role: "assistant", content })));
    await thread.context.noteAbort(last.id, messageItem("user", ENDED_EARLY));
  }
  await journal.append(...endTurns(view.turns, deps.clock.now()));
  return thread;
}

/** A thread that nobody has loaded, as it would be after loading. Rejects with `notFound`. */
export async function readJournalledThread(id: string, deps: ThreadDeps): Promise<RebuiltThread["view"]> {
  const { view } = await readJournal(new Journal(deps.host.storage, id, deps.secrets), { id, version: deps.version });
  endTurns(view.turns, deps.clock.now());
  return view;
}

/** What the journal of a thread has, loaded or not. Rejects with `notFound`. */
export async function readRecords(id: string, deps: ThreadDeps): Promise<JournalRecord[]> {
  const records = THREAD_ID.test(id) ? await new Journal(deps.host.storage, id, deps.secrets).read() : undefined;
  if (!records) throw gone();
  return records;
}

const THREAD_ID = /^[0-9a-f-]{36}$/i;

async function readJournal(journal: Journal, { id, version }: { id: string; version: string }): Promise<RebuiltThread> {
  const records = THREAD_ID.test(id) ? await journal.read() : undefined;
  const rebuilt = records && rebuildThread(records, { id, path: journal.path, version });
  if (!rebuilt) throw gone();
  return rebuilt;
}

function gone(): AgentError {
  return new AgentError("notFound", "That thread is not there any more.");
}

/** Marks what was under way as stopped, also commands in the background, which have died with their process. The records say the same. */
function endTurns(turns: readonly Turn[], nowMs: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const turn of turns) {
    turn.items = turn.items.map((item) => {
      if (!isUnfinished(item)) return item;
      const ended = endedItem(item, nowMs);
      records.push({ type: "item", turnId: turn.id, item: ended });
      return ended;
    });
    if (turn.status !== "inProgress") continue;
    const end = {
      status: "interrupted",
      error: null,
      completedAt: Math.floor(nowMs / 1000),
      durationMs: null,
    } as const;
    Object.assign(turn, end);
    records.push({ type: "turnEnd", turnId: turn.id, end });
  }
  return records;
}
