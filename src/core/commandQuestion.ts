import type { CommandApprovalAnswer, CommandDecision, CommandRights } from "../protocol/approvals.ts";
import type { ServerRequestParams } from "../protocol/methods.ts";
import { type Decided, decidedOf, ONCE } from "./decided.ts";
import type { Effect } from "./tools/effect.ts";

/** Looked at anew each time that the user is asked. */
export interface AskedCommand {
  readonly rights: CommandRights;
  /** What may be allowed always; undefined where that is not offered. */
  readonly prefix: readonly string[] | undefined;
  /** In sentences for the user. */
  readonly warnings: readonly string[];
  /** The same, of what need not be wrong. */
  readonly notes: readonly string[];
}

/** Running a command, or typing into one. */
type AskedEffect = Extract<Effect, { kind: "execute" | "input" }>;

type CommandParams = Omit<
  ServerRequestParams<"item/commandExecution/requestApproval">,
  "threadId" | "turnId" | "itemId" | "startedAtMs"
>;

/** Why the user is asked. */
interface Why {
  readonly problem: string | null;
  readonly about: readonly (string | undefined)[];
}

/** The command as the user is asked about it. */
export function commandParams(
  effect: AskedEffect,
  asked: AskedCommand | undefined,
  { problem, about }: Why,
): CommandParams {
  const { rights, warnings = [] } = asked ?? {};
  const always = offeredPrefix(asked);
  const text = effect.kind === "execute" ? effect.command : effect.chars;
  const why = effect.kind === "execute" ? effect.reason : `Types into: ${effect.command}`;
  return {
    kind: effect.kind === "execute" ? "command" : "writeStdin",
    command: text,
    cwd: effect.kind === "execute" ? effect.cwd : null,
    reason: [problem, why, ...about].filter((one) => one).join("\n") || null,
    commandActions: [{ type: "unknown", command: text }],
    availableDecisions: offered(effect, asked),
    ...(always ? { proposedExecpolicyAmendment: [...always] } : {}),
    ...(rights ? { rights } : {}),
    ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
  };
}

/** What could mislead is allowed once at most, and what is typed, too: a shell would turn more into leave for anything. */
function offered(effect: AskedEffect, asked: AskedCommand | undefined): CommandDecision[] {
  const isOnce = effect.kind === "input" || (asked?.warnings.length ?? 0) > 0;
  if (isOnce) return ONCE;
  const prefix = offeredPrefix(asked);
  const always = prefix ? [{ acceptWithExecpolicyAmendment: { execpolicy_amendment: [...prefix] } }] : [];
  return ["accept", "acceptForSession", ...always, "decline", "cancel"];
}

function offeredPrefix(asked: AskedCommand | undefined): readonly string[] | undefined {
  return asked && asked.warnings.length === 0 ? asked.prefix : undefined;
}

/** A client may answer what was not offered. What lasts longer than may be is taken for once; a rule that may not be leaves the question open. */
export function decidedOfCommand(
  answer: CommandApprovalAnswer,
  effect: AskedEffect,
  asked: AskedCommand | undefined,
): Decided {
  const { decision, feedback, ruleScope = "user" } = answer;
  if (decision === "acceptForSession" && !offered(effect, asked).includes(decision))
    return decidedOf("accept", feedback);
  if (typeof decision === "string") return decidedOf(decision, feedback);
  if ("applyNetworkPolicyAmendment" in decision)
    return { kind: "unusable", problem: "The question is about a command, and the answer about a host." };
  const { execpolicy_amendment: prefix } = decision.acceptWithExecpolicyAmendment;
  const proposed = offeredPrefix(asked);
  if (!proposed) return { kind: "unusable", problem: "This command cannot be allowed always, only now." };
  if (JSON.stringify(prefix) !== JSON.stringify(proposed)) {
    const problem = `Only commands that begin with "${proposed.join(" ")}" can be allowed always here. For other words, write a rule of your own.`;
    return { kind: "unusable", problem };
  }
  return { kind: "allow", lasts: "once", always: { prefix, scope: ruleScope } };
}
