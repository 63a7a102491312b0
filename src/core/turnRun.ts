import { AgentError } from "../protocol/errors.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { PlanStep, ThreadStatus } from "../protocol/threads.ts";
import type { ModelAnswer } from "./answer.ts";
import { approve } from "./approve.ts";
import { turnErrorOf } from "./failureKind.ts";
import { traitsOf } from "./model/models.ts";
import { createRetryBudget, type Retry } from "./model/retry.ts";
import { judge, type Permissions } from "./policy/judge.ts";
import type { ThreadContext } from "./prompt/threadContext.ts";
import { TurnDiff } from "./review/turnDiff.ts";
import type { JournalledSettings } from "./store/records.ts";
import type { AnswerSink } from "./stream.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import type { ThreadRecord } from "./threadRecord.ts";
import type { CallTurn } from "./tools/callTool.ts";
import { findTool } from "./tools/findTool.ts";
import type { Terminals } from "./tools/terminals.ts";
import type { CallContext } from "./tools/tool.ts";
import type { TurnRun } from "./turn.ts";
import { addUsage, countsOf } from "./usage.ts";

/** What surfaces get of one command's output while it runs, in characters; its end carries head and tail of all of it. */
const LIVE_OUTPUT_CHARS = 1_000_000;

/** What a turn uses of its thread. */
export interface TurnThread {
  readonly id: string;
  readonly record: ThreadRecord;
  readonly context: ThreadContext;
  readonly terminals: Terminals;
  readonly allowed: Set<string>;
  /** Ids of all calls that the model has made in this thread. */
  readonly callIds: Set<string>;
  readonly permissions: Permissions;
  readonly settings: JournalledSettings;
  setStatus(status: ThreadStatus): void;
}

interface TurnPlace {
  readonly turnId: string;
  readonly stop: AbortController;
  readonly deps: ThreadDeps;
}

/** Ties one turn's loop to its thread. */
export function makeTurnRun(thread: TurnThread, place: TurnPlace): TurnRun {
  const { deps, stop } = place;
  return {
    model: deps.model,
    sink: answerSink(thread, place),
    calls: callTurn(thread, place),
    budget: createRetryBudget({ maxAttempts: deps.settings().maxRetries, random: deps.random }),
    clock: deps.clock,
    signal: stop.signal,
    request: () => thread.context.request(),
    append: (inputs) => thread.context.append(inputs),
    tellChanges: () => thread.context.tellChanges({ ...thread.settings, permissions: thread.permissions }),
    onRetry: (error, retry) => reportRetry(thread, place.turnId, { error, retry }),
    onUsage: (usage) => reportUsage(thread, place, usage),
    isRepeated(callId) {
      const repeated = thread.callIds.has(callId);
      thread.callIds.add(callId);
      return repeated;
    },
  };
}

function answerSink(thread: TurnThread, { turnId, deps }: TurnPlace): AnswerSink {
  return {
    newId: deps.newId,
    now: () => deps.clock.now(),
    started: (item) => thread.record.started(turnId, item),
    delta: (delta) => thread.record.delta(turnId, delta),
    part: (itemId, summaryIndex) =>
      thread.record.notify({
        method: "item/reasoning/summaryPartAdded",
        params: { threadId: thread.id, turnId, itemId, summaryIndex },
      }),
    completed: (item) => thread.record.completed(turnId, item),
  };
}

function reportRetry(thread: TurnThread, turnId: string, { error, retry }: { error: AgentError; retry: Retry }): void {
  const { attempt, maxAttempts, delayMs } = retry;
  const params = { threadId: thread.id, turnId, error: turnErrorOf(error), willRetry: true, attempt, maxAttempts };
  thread.record.notify({ method: "error", params: { ...params, retryInMs: delayMs } });
}

function reportUsage(thread: TurnThread, { turnId, deps }: TurnPlace, usage: ModelAnswer["usage"]): void {
  if (!usage) return;
  const { contextWindow } = traitsOf(thread.settings.model, deps.settings().contextWindow);
  const tokenUsage = addUsage(thread.record.view.usage, countsOf(usage), contextWindow);
  thread.record.keep({ type: "usage", turnId, usage: tokenUsage }).catch(deps.log);
  thread.record.notify({ method: "thread/tokenUsage/updated", params: { threadId: thread.id, turnId, tokenUsage } });
}

function callTurn(thread: TurnThread, place: TurnPlace): CallTurn {
  const { turnId, stop, deps } = place;
  const { record } = thread;
  const diff = new TurnDiff((path) => deps.paths.relative(record.view.thread.cwd, path));
  const approver = {
    clients: deps.clients,
    clock: deps.clock,
    allowed: thread.allowed,
    setStatus: (status: ThreadStatus) => thread.setStatus(status),
  };
  return {
    findTool: (name) =>
      findTool(name, { listed: deps.host.tools.list(), wasTold: (one) => thread.context.wasTold(one) }),
    newId: deps.newId,
    now: () => deps.clock.now(),
    started: (item) => record.started(turnId, item),
    completed: (item) => record.completed(turnId, item),
    leftRunning: (item) => record.keep({ type: "item", turnId, item }),
    cancel: () => stop.abort(),
    log: deps.log,
    contextFor: (itemId) => callContext(thread, { ...place, itemId, diff }),
    async approve(effect, itemId) {
      if (stop.signal.aborted) throw new AgentError("aborted", "The turn was stopped.");
      const judgement = judge(effect, thread.permissions, deps.paths);
      return approve(judgement, { threadId: thread.id, turnId, itemId, effect, signal: stop.signal }, approver);
    },
  };
}

function callContext(
  thread: TurnThread,
  { turnId, stop, deps, itemId, diff }: TurnPlace & { itemId: string; diff: TurnDiff },
): CallContext {
  const { record } = thread;
  const startedAtMs = deps.clock.now();
  let live = 0;
  return {
    host: deps.host,
    paths: deps.paths,
    clock: deps.clock,
    cwd: record.view.thread.cwd,
    terminals: thread.terminals,
    itemId,
    signal: stop.signal,
    onOutput(text) {
      if (live < LIVE_OUTPUT_CHARS) record.output(turnId, itemId, text);
      live += text.length;
    },
    onPlan: (explanation, steps) => tellPlan(thread, { turnId, explanation, steps, log: deps.log }),
    onEdits(changes) {
      diff.add(changes);
      const text = diff.toText();
      record.keep({ type: "diff", turnId, diff: text }).catch(deps.log);
      record.notify({ method: "turn/diff/updated", params: { threadId: thread.id, turnId, diff: text } });
    },
    onBackgroundEnd: (item: ThreadItem) =>
      record.completed(turnId, { ...item, startedAtMs, completedAtMs: deps.clock.now() }).catch(deps.log),
    checkReadable(path) {
      const judgement = judge({ kind: "read", paths: [path] }, thread.permissions, deps.paths);
      if (judgement.kind === "decline") throw new AgentError("permissionDenied", judgement.message);
    },
  };
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
