import type { FileChangeApprovalAnswer, ReadApprovalAnswer, ToolApprovalAnswer } from "../protocol/approvals.ts";
import { toAgentError } from "../protocol/errors.ts";
import type { Clients } from "./clients.ts";
import { type AskedCommand, commandParams, decidedOfCommand } from "./commandQuestion.ts";
import { type Decided, decidedOf, ONCE } from "./decided.ts";
import type { FrozenApproval } from "./policy/frozenApproval.ts";
import type { Effect } from "./tools/effect.ts";

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
