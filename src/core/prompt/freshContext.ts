import { traitsOf, usableWindow } from "../model/models.ts";
import { historyRecord, type LoggedInput } from "../store/inputs.ts";
import type { JournalRecord } from "../store/records.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { keptMessages } from "./compaction.ts";
import { makeHead } from "./makeHead.ts";
import { portableInputs } from "./portableInputs.ts";
import { readSurroundings, type Surroundings, type TurnStart, tellWorld } from "./readWorld.ts";
import { TrackedLog } from "./trackedLog.ts";
import { nothingTold, type WorldState } from "./worldState.ts";

/** What takes the place of a thread's context, once its lines are journalled. */
export interface FreshContext {
  readonly log: TrackedLog;
  readonly records: readonly JournalRecord[];
  /** What its model knows of the world. */
  readonly world: WorldState;
}

/** What is the same in all contexts of a thread. */
export interface ThreadForm {
  readonly threadId: string;
  /** The JSON Schema that the answers keep to, serialised. */
  readonly answerSchema: string | undefined;
}

interface Before {
  readonly form: ThreadForm;
  /** Undefined for a thread's first context. */
  readonly inputs: readonly LoggedInput[] | undefined;
  readonly world: WorldState;
}

/** The first context, or one for another model, with what that one can read of the old one. Rejects as `makeHead` does. */
export async function contextForModel(
  start: TurnStart,
  { form, inputs, world }: Before,
  deps: ThreadDeps,
): Promise<FreshContext> {
  const { model } = start;
  const { head, told } = await makeHead({ ...start, ...form }, world, deps);
  const records: JournalRecord[] = [{ type: "head", head, model }];
  const portable = portableInputs(inputs ?? [], traitsOf(model));
  if (inputs) records.push(historyRecord(portable));
  return { log: new TrackedLog({ head, model }, portable), records, world: told };
}

interface Condensing {
  readonly form: ThreadForm;
  /** Of the user, in the old context. */
  readonly messages: readonly LoggedInput[];
  /** What stands for all the rest. */
  readonly rest: readonly LoggedInput[];
}

/**
 * A shorter context: the user's messages that are kept, the world as it is now, and the rest. The head is made anew, with the effort and the
 * tools of now. Rejects as `makeHead` and `readSurroundings` do.
 */
export async function condensedContext(
  start: TurnStart,
  { form, messages, rest }: Condensing,
  deps: ThreadDeps,
): Promise<FreshContext & Surroundings> {
  const { model } = start;
  const { head, told } = await makeHead({ ...start, ...form }, nothingTold, deps);
  const surroundings = await readSurroundings(start, told, deps);
  const { inputs: fresh, world } = tellWorld(start, told, { ...deps, layers: surroundings.layers });
  const kept = keptMessages(messages, usableWindow(traitsOf(model, deps.settings().contextWindow)));
  const inputs = [...kept, ...fresh, ...rest];
  const records: JournalRecord[] = [{ type: "head", head, model }, historyRecord(inputs), { type: "world", world }];
  return { log: new TrackedLog({ head, model }, inputs), records, world, ...surroundings };
}
