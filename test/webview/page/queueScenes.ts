import type { UserInput } from "../../../src/protocol/items.ts";
import { edit, plan, ROOT, running, runningCommand, thread, turn } from "./items.ts";
import * as sample from "./samples.ts";
import { beginning, opened, type Scene, TITLE, usage } from "./scene.ts";

const waiting = (id: string, text: string, more: { turnId?: string } = {}, ...attached: UserInput[]) => ({
  id,
  clientUserMessageId: id,
  input: [{ type: "text" as const, text }, ...attached],
  ...more,
});

const queueOf = (...queuedSubmissions: ReturnType<typeof waiting>[]) => ({
  method: "thread/queue/changed",
  params: { threadId: "t", queuedSubmissions },
});

/** A turn at work with messages that wait and one that steers. */
export function queue(): Scene {
  const { first, looked, failed, found } = beginning();
  const items = [
    first,
    ...looked,
    failed,
    found,
    edit([sample.retryDiff]),
    runningCommand("npm test -- retry --repeat 50", sample.runningOutput),
  ];
  const steps = plan(
    null,
    ["Reproduce", "completed"],
    ["Fix", "completed"],
    ["Prove", "inProgress"],
    ["All", "pending"],
  );
  const draft = { text: "Use vi.useFakeTimers, not a real delay", attachments: [] };
  const backoff = { type: "mention" as const, name: "backoff.ts", path: `${ROOT}/packages/http/src/backoff.ts` };
  const waits = queueOf(
    waiting("q1", "Add the same test for the fetch client"),
    waiting("s1", "Keep the public signature of `retry()` as it is.", { turnId: "a" }),
    waiting("q2", "Then update the changelog, and say in one sentence what was wrong", {}, backoff),
  );
  const turns = [turn("a", items, { ...running, ...(steps ? { plan: steps } : {}) })];
  const saved = { threadId: "t", draft };
  return opened([thread("t", TITLE, turns)], { saved, notifications: [usage(38), waits] });
}

/** The same after the turn was stopped: what was not read waits for the user. */
export function queueStopped(): Scene {
  const { first, found } = beginning();
  const stopped = turn("a", [first, found], { status: "interrupted", durationMs: 42_000 });
  const waits = queueOf(
    waiting("s1", "Keep the public signature of `retry()` as it is."),
    waiting("q1", "Add the same test for the fetch client"),
  );
  return opened([thread("t", TITLE, [stopped])], { notifications: [usage(38), waits] });
}
