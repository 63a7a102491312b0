import type {
  CommandApprovalAnswer,
  CommandDecision,
  CommandRights,
  FileChangeApprovalAnswer,
  ReadApprovalAnswer,
  ToolApprovalAnswer,
} from "../protocol/approvals.ts";
import { toAgentError } from "../protocol/errors.ts";
import type { ServerRequestParams } from "../protocol/methods.ts";
import type { Clients } from "./clients.ts";
import type { FrozenApproval } from "./policy/frozenApproval.ts";
import type { Amendment, Effect } from "./tools/tool.ts";

/** What the user decided, whatever the question was about. */
export type Decided =
  | {
      readonly kind: "allow";
      readonly lasts: "once" | "turn" | "session";
      readonly amendment?: Amendment | undefined;
      readonly always?: Always | undefined;
    }
  | { readonly kind: "decline"; readonly feedback: string | undefined }
  | { readonly kind: "cancel" }
  /** `problem` is for the user, who is asked again. */
  | { readonly kind: "unusable"; readonly problem: string };

/** All commands that begin with these words are to be allowed. */
export interface Always {
  readonly prefix: readonly string[];
  readonly scope: "workspace" | "user";
}

/** The call that waits, as the user is asked about it. */
export interface AskedCall {
  readonly threadId: string;
  readonly turnId: string;
  readonly itemId: string;
  readonly effect: Effect;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** What else the user should know, in a sentence. */
  readonly note?: string | undefined;
  /** True when what is asked can be allowed for longer than once. */
  readonly canLast?: boolean | undefined;
  /** Of a command. */
  readonly command?: ((asked: FrozenApproval | undefined) => AskedCommand) | undefined;
}

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

export interface Asking {
  readonly clients: Clients;
  readonly now: number;
  /** Why the same is asked once more, for the user; null at first. */
  readonly problem: string | null;
}

/** Asks the user once; undefined when nobody can answer. Rejects with `aborted` when the turn is stopped meanwhile. */
export async function askOnce(
  call: AskedCall & { readonly asked: FrozenApproval | undefined },
  asking: Asking,
): Promise<Decided | undefined> {
  const { threadId, turnId, itemId, effect, signal } = call;
  const ids = { threadId, turnId, itemId, startedAtMs: asking.now };
  const { clients, problem } = asking;
  switch (effect.kind) {
    case "edit": {
      const files = effect.proposal?.files();
      const reason = [problem, call.note].filter((one) => one).join("\n") || null;
      const once = call.canLast ? {} : { availableDecisions: ONCE };
      const params = { ...ids, reason, grantRoot: null, ...once, ...(files ? { files } : {}) };
      const answer = await clients.ask("item/fileChange/requestApproval", params, signal);
      return answer && decidedOfEdit(answer, effect);
    }
    case "execute":
    case "input": {
      const asked = call.command?.(call.asked);
      const about = [call.note, ...(asked?.notes ?? [])];
      const params = { ...ids, ...commandParams(effect, asked, { problem, about }) };
      const answer = await clients.ask("item/commandExecution/requestApproval", params, signal);
      return answer && decidedOfCommand(answer, effect, asked);
    }
    case "read": {
      const params = { ...ids, ...readParams(effect, call.cwd, problem) };
      const answer = await clients.ask("item/permissions/requestApproval", params, signal);
      return answer && decidedOfRead(answer, effect);
    }
    case "tool": {
      const params = { ...ids, ...toolParams(effect, problem) };
      const answer = await clients.ask("mcpServer/elicitation/request", params, signal);
      return answer && decidedOfTool(answer);
    }
    case "none":
      throw new Error("Nobody is asked about what does nothing.");
  }
}

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

type CommandParams = Omit<
  ServerRequestParams<"item/commandExecution/requestApproval">,
  "threadId" | "turnId" | "itemId" | "startedAtMs"
>;

interface Why {
  readonly problem: string | null;
  readonly about: readonly (string | undefined)[];
}

function commandParams(
  effect: Of<"execute" | "input">,
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

const ONCE: ("accept" | "decline" | "cancel")[] = ["accept", "decline", "cancel"];

/** What could mislead is allowed once at most, and what is typed, too: a shell would turn more into leave for anything. */
function offered(effect: Of<"execute" | "input">, asked: AskedCommand | undefined): CommandDecision[] {
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
function decidedOfCommand(
  answer: CommandApprovalAnswer,
  effect: Of<"execute" | "input">,
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

function decidedOf(decision: FileChangeApprovalAnswer["decision"], feedback: string | undefined): Decided {
  switch (decision) {
    case "accept":
      return { kind: "allow", lasts: "once" };
    case "acceptForSession":
      return { kind: "allow", lasts: "session" };
    case "decline":
      return { kind: "decline", feedback };
    case "cancel":
      return { kind: "cancel" };
  }
}

function decidedOfEdit(answer: FileChangeApprovalAnswer, { proposal }: Of<"edit">): Decided {
  const { decision, feedback, acceptedHunks, editedContent } = answer;
  const decided = decidedOf(decision, feedback);
  if (decided.kind !== "allow" || (!acceptedHunks && !editedContent?.length)) return decided;
  const amendment = { acceptedHunks, editedContent };
  try {
    proposal?.check(amendment);
    return { ...decided, amendment };
  } catch (error) {
    return { kind: "unusable", problem: toAgentError(error).message };
  }
}

function readParams({ paths }: Of<"read">, cwd: string, problem: string | null) {
  const reason = problem ?? "This may hold credentials, and what is in it goes to the model.";
  return { cwd, reason, permissions: { fileSystem: { read: [...paths] } } };
}

function decidedOfRead(
  { permissions, scope = "turn", feedback, cancel }: ReadApprovalAnswer,
  { paths }: Of<"read">,
): Decided {
  if (cancel) return { kind: "cancel" };
  const granted = permissions.fileSystem?.read ?? [];
  return paths.every((path) => granted.includes(path))
    ? { kind: "allow", lasts: scope }
    : { kind: "decline", feedback };
}

function toolParams({ server, name, description, args }: Of<"tool">, problem: string | null) {
  return {
    serverName: server,
    mode: "form",
    message: `Allow ${server} to run the tool "${name}"?`,
    reason: problem,
    requestedSchema: { type: "object", properties: {} },
    _meta: {
      codex_approval_kind: "mcp_tool_call",
      tool_name: name,
      tool_title: name,
      tool_description: description,
      tool_params: { ...args },
      persist: "session",
    },
  } as const;
}

function decidedOfTool({ action, feedback, _meta }: ToolApprovalAnswer): Decided {
  if (action === "accept") return { kind: "allow", lasts: _meta?.persist === "session" ? "session" : "once" };
  return action === "cancel" ? { kind: "cancel" } : { kind: "decline", feedback };
}
