import type { ApprovalAnswer, Decision, FileChangeApprovalAnswer } from "../protocol/approvals.ts";
import { toAgentError } from "../protocol/errors.ts";
import type { ThreadStatus } from "../protocol/threads.ts";
import type { Clients } from "./clients.ts";
import type { Clock } from "./clock.ts";
import type { Judgement } from "./policy/judge.ts";
import type { Allowance, Amendment, Effect } from "./tools/tool.ts";

export type Verdict =
  | ({ readonly kind: "allow" } & Allowance)
  /** `message` is for the model. */
  | { readonly kind: "decline"; readonly message: string }
  /** The user wants the turn to stop. */
  | { readonly kind: "cancel" };

/** The call that waits, as the user is asked about it. */
export interface AskedCall {
  readonly threadId: string;
  readonly turnId: string;
  readonly itemId: string;
  readonly effect: Effect;
  readonly signal: AbortSignal;
}

export interface Approver {
  readonly clients: Clients;
  readonly clock: Clock;
  /** What the user allowed for the session, by key; ends with the host. */
  readonly allowed: Set<string>;
  /** Tells the surfaces that the thread waits, or works again. */
  setStatus(status: ThreadStatus): void;
}

const forSession: Decision[] = ["accept", "acceptForSession", "decline", "cancel"];
const NOBODY =
  "Nobody is there to allow this, so it was declined, as the same in another way would be. Do what is possible without it, and say in your answer what could not be done.";

/** How often one question is asked while its answers cannot be followed. */
const MAX_ASKED = 5;
const UNUSABLE: Verdict = {
  kind: "decline",
  message:
    "Not made: whether the user allows this edit is not known, since the answers to that question could not be followed. Do not send it again, and say in your answer what you wanted to change.",
};

/** For what is typed into a command: no session remembers that. */
const onceOnly: Decision[] = ["accept", "decline", "cancel"];

/** Settles a judgement, asking the user where it says so. Rejects with `aborted` when the turn is stopped meanwhile. */
export async function approve(judgement: Judgement, call: AskedCall, approver: Approver): Promise<Verdict> {
  if (judgement.kind !== "ask") return judgement;
  const { sessionKey } = judgement;
  if (sessionKey !== undefined && approver.allowed.has(sessionKey)) return { kind: "allow" };
  approver.setStatus({ type: "active", activeFlags: ["waitingOnApproval"] });
  try {
    const answer = await askUntilUsable(call, approver);
    if (answer === "unusable") return UNUSABLE;
    if (answer?.decision === "acceptForSession" && sessionKey !== undefined) approver.allowed.add(sessionKey);
    return verdictOf(answer);
  } finally {
    approver.setStatus({ type: "active", activeFlags: [] });
  }
}

/**
 * An answer that cannot be followed, such as one that accepts what was not proposed, leaves the question open: it is asked anew, with what was
 * wrong as its reason, so that nothing the user wrote is lost. A client that never answers anything else allows nothing.
 */
async function askUntilUsable(call: AskedCall, approver: Approver): Promise<ApprovalAnswer | "unusable" | undefined> {
  let reason: string | null = null;
  for (let times = 0; times < MAX_ASKED; times++) {
    const answer = await ask(call, approver, reason);
    reason = answer ? problemOf(answer, call.effect) : null;
    if (reason === null) return answer;
  }
  return "unusable";
}

/** For the user; null when the answer can be followed. */
function problemOf(answer: ApprovalAnswer, effect: Effect): string | null {
  if (effect.kind !== "edit" || !isFileAnswer(answer)) return null;
  const amendment = amendmentOf(answer);
  if (!amendment) return null;
  try {
    effect.proposal?.check(amendment);
    return null;
  } catch (error) {
    return toAgentError(error).message;
  }
}

/** Undefined when the edit is to be made as it was proposed. */
function amendmentOf({ decision, acceptedHunks, editedContent }: FileChangeApprovalAnswer): Amendment | undefined {
  const accepts = decision === "accept" || decision === "acceptForSession";
  if (!accepts || (!acceptedHunks && !editedContent?.length)) return undefined;
  return { acceptedHunks, editedContent };
}

function ask(
  { effect, signal, ...ids }: AskedCall,
  { clients, clock }: Approver,
  reason: string | null,
): Promise<ApprovalAnswer | undefined> {
  const asked = { ...ids, startedAtMs: clock.now() };
  if (effect.kind === "edit") {
    const files = effect.proposal?.files();
    return clients.ask(
      "item/fileChange/requestApproval",
      { ...asked, reason, grantRoot: null, ...(files ? { files } : {}) },
      signal,
    );
  }
  const command = commandOf(effect);
  return clients.ask(
    "item/commandExecution/requestApproval",
    {
      ...asked,
      ...command,
      commandActions: [{ type: "unknown", command: command.command }],
      availableDecisions: effect.kind === "input" ? onceOnly : forSession,
    },
    signal,
  );
}

function commandOf(effect: Effect) {
  if (effect.kind === "execute") {
    return { kind: "command", command: effect.command, cwd: effect.cwd, reason: effect.reason ?? null } as const;
  }
  if (effect.kind === "input") {
    return { kind: "writeStdin", command: effect.chars, cwd: null, reason: `Types into: ${effect.command}` } as const;
  }
  throw new Error(`Nobody is asked about ${effect.kind}.`);
}

function verdictOf(answer: ApprovalAnswer | undefined): Verdict {
  if (!answer) return { kind: "decline", message: NOBODY };
  switch (answer.decision) {
    case "accept":
    case "acceptForSession":
      return { kind: "allow", review: "before", amendment: isFileAnswer(answer) ? amendmentOf(answer) : undefined };
    case "decline":
      return { kind: "decline", message: declined(answer.feedback) };
    case "cancel":
      return { kind: "cancel" };
    default:
      return { kind: "decline", message: declined(answer.feedback) };
  }
}

function isFileAnswer(answer: ApprovalAnswer): answer is FileChangeApprovalAnswer {
  return typeof answer.decision === "string";
}

function declined(feedback: string | undefined): string {
  const words = feedback?.trim();
  return words
    ? `The user declined this and said: ${words}`
    : "The user declined this. Do not try the same in another way; go on without it, or end your turn with what you need and why.";
}
