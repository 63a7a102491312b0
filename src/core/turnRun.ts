import type { ResponseUsage } from "openai/resources/responses/responses";
import type { AgentError } from "../protocol/errors.ts";
import type { ItemOf } from "../protocol/items.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { ModelAnswer } from "./answer.ts";
import type { Asking } from "./ask.ts";
import { approveCall } from "./callApproval.ts";
import { callContext, type StepPlace } from "./callContext.ts";
import { type CompactionReason, compact } from "./compact.ts";
import { turnErrorOf } from "./failureKind.ts";
import { traitsOf } from "./model/models.ts";
import { createRetryBudget, type Retry } from "./model/retry.ts";
import { PatchPreviews } from "./patchPreviews.ts";
import { TurnDiff } from "./review/turnDiff.ts";
import { takeSteers } from "./steer.ts";
import type { AnswerSink } from "./stream.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { patchSource } from "./tools/applyPatch.ts";
import type { CallTurn } from "./tools/callTool.ts";
import { findTool } from "./tools/findTool.ts";
import { orGivenUp } from "./tools/givenUp.ts";
import type { TurnRun } from "./turn.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";
import { addCounts, countsOf, NO_TOKENS } from "./usage.ts";

/** A step's place, with what is shown of its patches while they are written. */
interface ShownStep extends StepPlace {
  readonly previews: PatchPreviews;
}

/** One turn's loop as the thread has it, and what else happens in its course. */
export interface ThreadTurn extends TurnRun {
  compact(reason: CompactionReason): Promise<void>;
}

/** Ties one turn's loop to its thread. */
export function makeTurnRun(thread: TurnThread, turn: TurnPlace): ThreadTurn {
  const { deps, stop, turnId } = turn;
  const waiting = new Map<string, ServerNotification>();
  const telling = {
    ...turn,
    atStepEnd: (notification: ServerNotification) => void waiting.set(notification.method, notification),
  };
  const place: ShownStep = { ...telling, previews: makePreviews(thread, telling) };
  const asking: Asking = {
    model: deps.model,
    budget: createRetryBudget({ maxAttempts: deps.settings().maxRetries, random: deps.random }),
    clock: deps.clock,
    signal: stop.signal,
    onRetry(error, retry) {
      place.previews.pause();
      reportRetry(thread, turnId, { error, retry });
    },
  };
  const condense = (reason: CompactionReason) => compactInTurn(thread, turn, { asking, reason });
  return {
    ...asking,
    sink: answerSink(thread, place),
    calls: callTurn(thread, place),
    compact: condense,
    async beforeRequest() {
      await thread.context.tellChanges({ ...thread.settings, permissions: thread.permissions });
      await takeSteers(thread, turn);
      const reason = reasonToCondense(thread);
      if (reason) await condense(reason);
    },
    request() {
      thread.record.keep({ type: "request", turnId, sentAtMs: deps.clock.now() }).catch(deps.log);
      return thread.context.request();
    },
    append: (inputs) => thread.context.append(inputs),
    makeRoom: () => condense("overflow"),
    onUsage: (usage) => reportUsage(thread, place, usage),
    onStepEnd() {
      for (const notification of waiting.values()) thread.record.notify(notification);
      waiting.clear();
    },
    isSteered: () => thread.queue.steers(turnId),
    newOf: (answer) => thread.callsMade.newOf(answer),
  };
}

function reasonToCondense({ context, settings, compactionWanted }: TurnThread): CompactionReason | undefined {
  if (compactionWanted) return "manual";
  return context.isFull(settings.model) ? "auto" : undefined;
}

async function compactInTurn(
  thread: TurnThread,
  { turnId, deps, stop }: TurnPlace,
  { asking, reason }: { asking: Asking; reason: CompactionReason },
): Promise<void> {
  thread.compactionWanted = false;
  const { cwd } = thread.record.view.thread;
  const spent: ResponseUsage[] = [];
  await compact(thread, {
    ...asking,
    turnId,
    reason,
    start: { ...thread.settings, cwd, permissions: thread.permissions, signal: stop.signal },
    newId: deps.newId,
    onUsage: (usage) => void (usage && spent.push(usage)),
  });
  // Asked for once more meanwhile, it has been done.
  thread.compactionWanted = false;
  const condensed = { ...NO_TOKENS, inputTokens: thread.context.tokens, totalTokens: thread.context.tokens };
  const before = thread.record.view.usage;
  const total = spent.map(countsOf).reduce(addCounts, before?.total ?? NO_TOKENS);
  const usage = { total, last: condensed, modelContextWindow: windowOf(thread, deps) };
  await thread.record.keep({ type: "usage", turnId, usage });
  thread.record.notify({
    method: "thread/tokenUsage/updated",
    params: { threadId: thread.id, turnId, tokenUsage: usage },
  });
}

function answerSink(thread: TurnThread, { turnId, deps, previews }: ShownStep): AnswerSink {
  return {
    preview: (event) => previews.read(event),
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

/** The context holds what the server counted, which is known before the calls of the answer run; surfaces are told after them. */
function reportUsage(thread: TurnThread, { turnId, deps, atStepEnd }: StepPlace, usage: ModelAnswer["usage"]): void {
  if (!usage) return;
  const last = countsOf(usage);
  thread.context.calibrate(last.totalTokens);
  const total = addCounts(thread.record.view.usage?.total ?? NO_TOKENS, last);
  const tokenUsage = { total, last, modelContextWindow: windowOf(thread, deps) };
  thread.record.keep({ type: "usage", turnId, usage: tokenUsage }).catch(deps.log);
  atStepEnd({ method: "thread/tokenUsage/updated", params: { threadId: thread.id, turnId, tokenUsage } });
}

function windowOf({ settings }: TurnThread, deps: ThreadDeps): number {
  return traitsOf(settings.model, deps.settings().contextWindow).contextWindow;
}

function callTurn(thread: TurnThread, place: ShownStep): CallTurn {
  const { turnId, stop, deps, previews } = place;
  const { record } = thread;
  const diff = new TurnDiff((path) => deps.paths.relative(record.view.thread.cwd, path));
  const allowedInTurn = new Set<string>();
  return {
    findTool: (name) =>
      findTool(name, { listed: deps.host.tools.list(), wasTold: (one) => thread.context.wasTold(one) }),
    itemIdFor: ({ callId }) => previews.take(callId) ?? deps.newId(),
    now: () => deps.clock.now(),
    started(item) {
      if (!previews.hasBegun(item.id)) record.started(turnId, item);
      else if (item.type === "fileChange") tellPatch(thread, turnId, item);
    },
    completed: (item) => record.completed(turnId, item),
    leftRunning: (item) => record.keep({ type: "item", turnId, item }),
    orGivenUp: (work) => orGivenUp(work, stop.signal, deps.clock),
    cancel: () => stop.abort(),
    log: deps.log,
    contextFor: (itemId) => callContext(thread, { ...place, itemId, diff, allowedInTurn }),
    approve: (effect, itemId) => approveCall(thread, place, { effect, itemId, allowedInTurn }),
  };
}

/** Patches are shown while they are written as what their calls would do then. */
function makePreviews(thread: TurnThread, place: StepPlace): PatchPreviews {
  const { turnId, deps, stop } = place;
  const diff = new TurnDiff((path) => path);
  return new PatchPreviews({
    newId: deps.newId,
    sleep: (ms) => deps.clock.sleep(ms, stop.signal),
    source: () => patchSource(callContext(thread, { ...place, itemId: "", diff, allowedInTurn: new Set() })),
    started: (item) => thread.record.started(turnId, { ...item, startedAtMs: deps.clock.now(), completedAtMs: null }),
    updated: (id, changes) => tellPatch(thread, turnId, { id, changes }),
  });
}

function tellPatch(
  { id: threadId, record }: TurnThread,
  turnId: string,
  { id: itemId, changes }: Pick<ItemOf<"fileChange">, "id" | "changes">,
): void {
  record.notify({ method: "item/fileChange/patchUpdated", params: { threadId, turnId, itemId, changes } });
}
