import type { Decliner } from "../protocol/items.ts";
import type { Clients } from "./clients.ts";
import type { Clock } from "./clock.ts";
import type { Always, Decided } from "./decided.ts";
import { changesSince, type FrozenApproval } from "./policy/frozenApproval.ts";
import type { Judgement } from "./policy/judge.ts";
import { type AskedCall, askOnce } from "./questions.ts";
import type { Allowance } from "./tools/tool.ts";
import type { Waiting } from "./waiting.ts";

export type Verdict =
  | ({ readonly kind: "allow" } & Allowance)
  /** `message` is for the model, `by` for the surfaces; absent for a read, whose item does not say it. */
  | { readonly kind: "decline"; readonly message: string; readonly by?: Decliner | undefined }
  /** The user wants the turn to stop. */
  | { readonly kind: "cancel" };

/** What the user allowed for longer than once, by key; it ends with the host, or with the turn. */
export interface Allowed {
  /** With what a command was when it was allowed. */
  readonly session: Map<string, FrozenApproval | undefined>;
  readonly turn: Set<string>;
}

export interface Approver {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly allowed: Allowed;
  readonly waiting: Waiting;
  /** What would run at this moment; undefined for what is frozen by itself, such as an edit, which is made on the bytes that it was planned on. */
  freeze(): Promise<FrozenApproval | undefined>;
  /** Does what must be done before anything runs. */
  ready(): Promise<void>;
  /** Saves the rule. Rejects in words for the user. */
  allowAlways(always: Always): Promise<void>;
}

const NOBODY =
  "Nobody is there to allow this, so it was declined, as the same in another way would be. Do what is possible without it, and say in your answer what could not be done.";

const DECLINED =
  "The user declined this. Do not try the same in another way; go on without it, or end your turn with what you need and why.";

/** How often one question is asked while its answers cannot be followed, or what was asked about changes. */
const MAX_ASKED = 5;
const UNUSABLE: Verdict = {
  kind: "decline",
  by: { kind: "noAnswer" },
  message:
    "Not done: whether the user allows it is not known, since the answers to that question could not be followed, or what it was about kept changing. Do not send it again, and say in your answer what you wanted to do.",
};

/** Settles a judgement, asking the user where it says so. Rejects with `aborted` when the turn is stopped meanwhile. */
export async function approve(judgement: Judgement, call: AskedCall, approver: Approver): Promise<Verdict> {
  if (judgement.kind === "decline") return judgement;
  const problem = judgement.kind === "allow" ? null : await problemOf(judgement, approver);
  if (judgement.kind === "ask" && problem !== null)
    return askUntilSettled(judgement.sessionKey, call, { ...approver, problem });
  await approver.ready();
  return { kind: "allow" };
}

type Ask = Extract<Judgement, { kind: "ask" }>;

/**
 * Why it must be asked: "" when it was not allowed for longer than once, null when it was and still holds. Outside the sandbox that takes that the
 * command's files are the same: commands in the sandbox may have changed them since.
 */
async function problemOf({ sessionKey, run }: Ask, { allowed, freeze, ready }: Approver): Promise<string | null> {
  if (sessionKey === undefined) return "";
  if (allowed.turn.has(sessionKey)) return null;
  if (!allowed.session.has(sessionKey)) return "";
  const before = allowed.session.get(sessionKey);
  if (!before || run !== "unconfined") return null;
  await ready();
  const now = await freeze();
  const changes = now ? changesSince(before, now) : [];
  return changes.length > 0 ? changes.join(" ") : null;
}

/**
 * An answer that cannot be followed, such as one that accepts what was not proposed, leaves the question open: it is asked anew, with what was
 * wrong as its reason, so that nothing the user wrote is lost. So does anything that changed while the user thought about it: what runs is what
 * was shown. A client that never answers anything else allows nothing.
 */
async function askUntilSettled(
  key: string | undefined,
  call: AskedCall,
  approver: Approver & { readonly problem: string },
): Promise<Verdict> {
  let problem: string | null = approver.problem || null;
  for (let times = 0; times < MAX_ASKED; times++) {
    const asked = await approver.freeze();
    const decided = await ask({ ...call, asked, canLast: key !== undefined }, approver, problem);
    if (decided?.kind !== "allow" && decided?.kind !== "unusable") return refusal(decided);
    problem = decided.kind === "unusable" ? decided.problem : await settle(decided, asked, approver);
    if (problem !== null || decided.kind !== "allow") continue;
    if (key !== undefined && decided.lasts === "session") approver.allowed.session.set(key, asked);
    if (key !== undefined && decided.lasts === "turn") approver.allowed.turn.add(key);
    return { kind: "allow", review: "before", amendment: decided.amendment };
  }
  return UNUSABLE;
}

function ask(
  call: AskedCall & { asked: FrozenApproval | undefined },
  { clients, clock, waiting }: Approver,
  problem: string | null,
) {
  return waiting.during(() => askOnce(call, { clients, now: clock.now(), problem }));
}

type Allowing = Extract<Decided, { kind: "allow" }>;

/** For the user: why it cannot run as it was allowed; null when nothing differs from what was shown. */
async function settle(
  { always }: Allowing,
  asked: FrozenApproval | undefined,
  { freeze, ready, allowAlways }: Approver,
): Promise<string | null> {
  await ready();
  const now = await freeze();
  const changes = asked && now ? changesSince(asked, now) : [];
  if (changes.length > 0) return changes.join(" ");
  // Last, so that no rule stays of a command that is asked about again and not allowed then.
  return always ? allowAlways(always).then(() => null, notSaved) : null;
}

function notSaved(error: unknown): string {
  return `The rule could not be saved: ${error instanceof Error ? error.message : String(error)}`;
}

function refusal(decided: Exclude<Decided, { kind: "allow" | "unusable" }> | undefined): Verdict {
  if (!decided) return { kind: "decline", message: NOBODY, by: { kind: "noAnswer" } };
  if (decided.kind === "cancel") return decided;
  const feedback = decided.feedback?.trim();
  return feedback
    ? { kind: "decline", message: `The user declined this and said: ${feedback}`, by: { kind: "user", feedback } }
    : { kind: "decline", message: DECLINED, by: { kind: "user" } };
}
