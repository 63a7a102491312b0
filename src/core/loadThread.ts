import { AgentError } from "../protocol/errors.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { Turn } from "../protocol/threads.ts";
import { messageItem } from "./prompt/contextLog.ts";
import { Journal, type JournalRecord } from "./store/journal.ts";
import { danglingCalls, rebuildThread } from "./store/rebuild.ts";
import { Thread } from "./thread.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { ThreadRecord } from "./threadRecord.ts";
import { ABORTED } from "./tools/callTool.ts";
import { outputItem } from "./turn.ts";

const ENDED_EARLY =
  "<turn_aborted>\nThe program ended in the middle of the turn. Calls without a real output may have done part of their work: check before you go on.\n</turn_aborted>";

/**
 * The thread as its journal has it. A turn that the last process did not live to end is ended now: its open calls get an output that says
 * so, and nothing is run again. Rejects with `notFound`.
 */
export async function loadThread(id: string, deps: ThreadDeps): Promise<Thread> {
  const journal = new Journal(deps.host.storage, id);
  const records = await journal.read();
  const rebuilt = records && rebuildThread(records, { path: journal.path, version: deps.version });
  if (!rebuilt) throw new AgentError("notFound", "That thread is not there any more.");
  const record = new ThreadRecord(rebuilt.view, journal, deps);
  const thread = new Thread(record, rebuilt.settings, { deps, journalled: true });
  thread.archived = rebuilt.archived;
  thread.context.restore(rebuilt);
  for (const input of rebuilt.inputs as { call_id?: string }[]) if (input.call_id) thread.callIds.add(input.call_id);
  const last = rebuilt.view.turns.at(-1);
  if (last?.status === "inProgress") {
    const outputs = danglingCalls(rebuilt.inputs).map((call) => outputItem(call, ABORTED));
    if (rebuilt.head) await thread.context.append([...outputs, messageItem("user", ENDED_EARLY)]);
    await endTurn(last, { journal, now: deps.clock.now() });
  }
  return thread;
}

/** Marks what was under way as stopped, in the view and in the journal. */
async function endTurn(turn: Turn, { journal, now }: { journal: Journal; now: number }): Promise<void> {
  const records: JournalRecord[] = [];
  turn.items = turn.items.map((item) => {
    const ended = endedItem(item);
    if (ended !== item) records.push({ type: "item", turnId: turn.id, item: ended });
    return ended;
  });
  const end = { status: "interrupted", error: null, completedAt: Math.floor(now / 1000), durationMs: null } as const;
  Object.assign(turn, end);
  await journal.append(...records, { type: "turnEnd", turnId: turn.id, end });
}

function endedItem(item: ThreadItem): ThreadItem {
  if (!("status" in item) || item.status !== "inProgress") return item;
  return { ...item, status: "failed" };
}
