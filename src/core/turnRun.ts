import type { ResponseUsage } from "openai/resources/responses/responses";
import { AgentError } from "../protocol/errors.ts";
import type { ItemOf, ThreadItem } from "../protocol/items.ts";
import type { ServerNotification } from "../protocol/methods.ts";
import type { PlanStep } from "../protocol/threads.ts";
import type { ModelAnswer } from "./answer.ts";
import type { Asking } from "./ask.ts";
import { approveCall } from "./callApproval.ts";
import { type CompactionReason, compact } from "./compact.ts";
import { turnErrorOf } from "./failureKind.ts";
import { traitsOf } from "./model/models.ts";
import { createRetryBudget, type Retry } from "./model/retry.ts";
import { PatchPreviews } from "./patchPreviews.ts";
import { placesOf } from "./policy/effectPlaces.ts";
import { judge } from "./policy/judge.ts";
import { credentialsUnread } from "./policy/refusals.ts";
import { TurnDiff } from "./review/turnDiff.ts";
import { takeSteers } from "./steer.ts";
import type { AnswerSink } from "./stream.ts";
import type { ThreadDeps } from "./threadDeps.ts";
import { patchSource } from "./tools/applyPatch.ts";
import type { CallTurn } from "./tools/callTool.ts";
import { findTool } from "./tools/findTool.ts";
import { orGivenUp } from "./tools/givenUp.ts";
import type { CallContext } from "./tools/tool.ts";
import type { TurnRun } from "./turn.ts";
import type { TurnPlace, TurnThread } from "./turnThread.ts";
import { addCounts, countsOf, NO_TOKENS } from "./usage.ts";

/** What surfaces get of one command's output while it runs, in characters; its end carries head and tail of all of it. */
const LIVE_OUTPUT_CHARS = 1_000_000;

/** A turn's place in its thread, with what is told when a step of it is over. */
interface StepPlace extends TurnPlace {
  atStepEnd(notification: ServerNotification): void;
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
  const place: StepPlace = { ...telling, previews: makePreviews(thread, telling) };
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

function answerSink(thread: TurnThread, { turnId, deps, previews }: StepPlace): AnswerSink {
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

function callTurn(thread: TurnThread, place: StepPlace): CallTurn {
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
function makePreviews(thread: TurnThread, place: Omit<StepPlace, "previews">): PatchPreviews {
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

interface CallPlace extends Omit<StepPlace, "previews"> {
  readonly itemId: string;
  readonly diff: TurnDiff;
  /** What the user allowed for this turn, by key. */
  readonly allowedInTurn: ReadonlySet<string>;
}

function callContext(thread: TurnThread, place: CallPlace): CallContext {
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
