import { AgentError } from "../protocol/errors.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { PlanStep } from "../protocol/threads.ts";
import { placesOf } from "./policy/effectPlaces.ts";
import { judge } from "./policy/judge.ts";
import { credentialsUnread } from "./policy/refusals.ts";
import type { TurnDiff } from "./review/turnDiff.ts";
import type { CallContext } from "./tools/tool.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";

/** What surfaces get of one command's output while it runs, in characters; its end carries head and tail of all of it. */
const LIVE_OUTPUT_CHARS = 1_000_000;

/** A turn's place in its thread, with what is told when a step of it is over. */
export interface StepPlace extends TurnPlace {
  atStepEnd(notification: ServerNotification): void;
}

/** A call in its turn. */
export interface CallPlace extends StepPlace {
  readonly itemId: string;
  /** What the turn has done to files so far. */
  readonly diff: TurnDiff;
  /** What the user allowed for this turn, by key. */
  readonly allowedInTurn: ReadonlySet<string>;
}

/** Ties one call to its thread and its turn. */
export function callContext(thread: TurnThread, place: CallPlace): CallContext {
  const { turnId, stop, deps, atStepEnd, itemId, diff } = place;
  const { record } = thread;
  const startedAtMs = deps.clock.now();
  let live = 0;
  return {
    host: deps.host,
    secrets: deps.secrets,
    paths: deps.paths,
    clock: deps.clock,
    cwd: record.view.thread.cwd,
    terminals: thread.terminals,
    threadId: thread.id,
    turnId,
    itemId,
    signal: stop.signal,
    onOutput(text) {
      if (live < LIVE_OUTPUT_CHARS) record.output(turnId, itemId, text);
      live += text.length;
    },
    onPlan: (explanation, steps) => tellPlan(thread, { turnId, explanation, steps, log: deps.log }),
    edit: (made, apply) => deps.changes.edit({ ...made, author: { threadId: thread.id, turnId, itemId } }, apply),
    onCommand: (ended) => deps.changes.commands.run({ threadId: thread.id, turnId, itemId }, ended),
    onEdits(changes) {
      diff.add(changes);
      const text = diff.toText();
      record.keep({ type: "diff", turnId, diff: text }).catch(deps.log);
      atStepEnd({ method: "turn/diff/updated", params: { threadId: thread.id, turnId, diff: text } });
    },
    onBackgroundEnd: (item: ThreadItem) =>
      record.completed(turnId, { ...item, startedAtMs, completedAtMs: deps.clock.now() }).catch(deps.log),
    warn: (message) => record.notify({ method: "warning", params: { threadId: thread.id, message } }),
    checkReadable: (path) => checkReadable(path, thread, place),
  };
}

async function checkReadable(
  path: string,
  thread: TurnThread,
  { deps, allowedInTurn, stop }: CallPlace,
): Promise<void> {
  const { host, paths } = deps;
  const { permissions } = thread;
  const effect = { kind: "read", paths: [path] } as const;
  const judgement = judge(effect, permissions, await placesOf(effect, permissions, { files: host.files, paths }));
  if (judgement.kind === "decline") throw new AgentError("permissionDenied", judgement.message);
  if (judgement.kind === "allow" || judgement.sessionKey === undefined) return;
  if (thread.allowed.has(judgement.sessionKey) || allowedInTurn.has(judgement.sessionKey)) return;
  if ((await host.files.stat(path, stop.signal)) === undefined) return;
  throw new AgentError("permissionDenied", credentialsUnread(path));
}

interface PlanUpdate {
  readonly turnId: string;
  readonly explanation: string | undefined;
  readonly steps: readonly PlanStep[];
  readonly log: (fault: unknown) => void;
}

function tellPlan({ record, id }: TurnThread, { turnId, explanation, steps, log }: PlanUpdate): void {
  const plan = steps.map((step) => ({ ...step }));
  record.notify({
    method: "turn/plan/updated",
    params: { threadId: id, turnId, explanation: explanation ?? null, plan },
  });
  const kept = record.view.turns.find((turn) => turn.id === turnId)?.plan;
  if (kept) record.keep({ type: "plan", turnId, plan: kept }).catch(log);
}
