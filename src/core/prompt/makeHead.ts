import { traitsOf } from "../model/models.ts";
import type { ThreadDeps } from "../threadDeps.ts";
import { callLateToolSpec } from "../tools/callLateTool.ts";
import { hostToolSpec, usableTools } from "../tools/hostTools.ts";
import { tools } from "../tools/tools.ts";
import { baseInstructionsFor, readOwnInstructions } from "./baseInstructions.ts";
import { type RequestHead, serializeHead } from "./contextLog.ts";
import { toldByHead } from "./toolChanges.ts";
import type { WorldState } from "./worldState.ts";

export interface HeadFacts {
  readonly threadId: string;
  readonly model: string;
  /** Null for the model's own default. */
  readonly effort: string | null;
  /** The JSON Schema that the answers keep to, serialised. */
  readonly answerSchema?: string | undefined;
  readonly signal: AbortSignal;
}

interface FreshHead {
  /** A request's JSON up to its inputs. */
  readonly head: string;
  /** What a model with this head knows of the world. */
  readonly told: WorldState;
}

/**
 * A head as it would be now, in a thread whose model was told `before` of the world. Tools stand in the order in which they will ever stand: the
 * agent's own, the way to those that come later where the model's list cannot grow, the host's by name. Rejects when the user's own instructions
 * cannot be read.
 */
export async function makeHead(facts: HeadFacts, before: WorldState, deps: ThreadDeps): Promise<FreshHead> {
  const { model, effort, threadId, signal } = facts;
  const { host, paths, settings } = deps;
  const brought = usableTools(host.tools.list()).tools;
  const traits = traitsOf(model);
  const file = settings().baseInstructionsFile;
  const chosen = effortOf(model, effort);
  const head: RequestHead = {
    model,
    instructions: file
      ? await readOwnInstructions(file, { host, paths, signal })
      : baseInstructionsFor(deps.baseInstructions, traits),
    tools: [
      ...tools.map((tool) => tool.spec(traits)),
      ...(traits.lateTools ? [] : [callLateToolSpec]),
      ...brought.map(hostToolSpec),
    ],
    reasoning: chosen === null ? undefined : { effort: chosen, summary: "auto" },
    verbosity: traits.verbosity ? "low" : undefined,
    answerSchema: facts.answerSchema,
    cacheKey: threadId,
  };
  return {
    head: serializeHead(deps.secrets.value(head)),
    told: { ...before, effort: chosen, tools: toldByHead(brought, before.tools) },
  };
}

/** How hard a model thinks with this setting; null for one that takes none. */
export function effortOf(model: string, effort: string | null): string | null {
  const { reasoning } = traitsOf(model);
  return reasoning ? (effort ?? reasoning.defaultEffort) : null;
}
